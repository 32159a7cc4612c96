package mlxstack.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static mlxstack.gateway.Served.endpoint;
import static mlxstack.gateway.Served.ready;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import mlxstack.simulator.SimulatorProcess;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the gateway's process and its clients live through. */
class GatewayFaultsIT {

    private static final String CHAT = "/v1/chat/completions";
    private static final String STREAM =
            "{\"model\":\"fast\",\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";

    @TempDir
    static Path simulators;

    private static SimulatorProcess one;
    private static SimulatorProcess two;

    @TempDir
    Path dir;

    @BeforeAll
    static void start() throws IOException {
        one = SimulatorProcess.start(simulators, "one");
        two = SimulatorProcess.start(simulators, "two");
    }

    @AfterAll
    static void stop() {
        one.close();
        two.close();
    }

    @Test
    void onTermItFinishesWhatItBeganAndTakesNothingNew() throws Exception {
        var go = new CountDownLatch(1);
        try (var upstream = TestingUpstream.start((request, connection) -> {
                    connection.events();
                    connection.chunk("data: {\"choices\":[{\"text\":\"1\"}]}\n\n");
                    if (go.await(60, TimeUnit.SECONDS)) {
                        connection.chunk("data: [DONE]\n\n");
                        connection.lastChunk();
                    }
                });
                var gateway = GatewayProcess.start(dir, ready("fast", upstream.port()));
                var client = new TestingClient(gateway.port())) {
            int port = gateway.port();
            client.send("POST", CHAT, STREAM);
            client.head();
            client.chunk();
            gateway.process().destroy();
            await().atMost(Duration.ofSeconds(30)).until(() -> refused(port));
            assertThat(gateway.process().isAlive()).isTrue();
            go.countDown();
            assertThat(new String(client.chunk(), UTF_8)).isEqualTo("data: [DONE]\n\n");
            assertThat(client.chunk()).isEmpty();
            assertThat(gateway.exit()).isZero();
        }
    }

    @Test
    void whatDoesNotEndWithinTheGraceIsCut() throws Exception {
        try (var upstream = TestingUpstream.start((request, connection) -> {
            connection.events();
            connection.chunk("data: {\"choices\":[{\"text\":\"1\"}]}\n\n");
            connection.awaitHangUp();
        })) {
            Served.replace(dir.resolve("gateway.json"), Served.table(0, ready("fast", upstream.port())));
            try (var gateway = GatewayProcess.launch(dir, "--grace", "1")) {
                await().atMost(Duration.ofSeconds(60)).until(() -> gateway.port() > 0);
                try (var client = new TestingClient(gateway.port())) {
                    client.send("POST", CHAT, STREAM);
                    client.head();
                    client.chunk();
                    gateway.process().destroy();
                    assertThat(new String(client.chunk(), UTF_8)).contains("gateway_stopping");
                    assertThat(client.closed()).isTrue();
                    assertThat(gateway.exit()).isZero();
                }
            }
        }
    }

    private static boolean refused(int port) {
        try {
            new TestingClient(port).close();
            return false;
        } catch (IOException e) {
            return true;
        }
    }

    @Test
    void theClientOfAModelServerThatIsKilledIsToldSoAndTheNextOneServed() throws Exception {
        try (var victim = SimulatorProcess.start(dir, "victim", "--token-delay", "2ms", "--tokens", "100000");
                var gateway = GatewayProcess.start(dir, ready("fast", victim.port()));
                var client = new TestingClient(gateway.port())) {
            client.send("POST", CHAT, STREAM);
            client.head();
            var got = new StringBuilder(new String(client.chunk(), UTF_8));
            victim.process().destroyForcibly();
            assertThat(victim.process().waitFor(30, TimeUnit.SECONDS)).isTrue();
            while (!got.toString().contains("upstream_truncated")) {
                got.append(new String(client.chunk(), UTF_8));
            }
            assertThat(client.closed()).as("without the end of the body").isTrue();
            var frames = got.toString().split("\n\n");
            var last = new JsonObject(frames[frames.length - 1].substring("data: ".length()));
            assertThat(last.getJsonObject("error").getString("message"))
                    .isEqualTo("endpoint fast closed the connection in the middle of its answer");

            var refused = TestingClient.post(gateway.port(), CHAT, STREAM);
            assertThat(refused.status()).isEqualTo(503);
            assertThat(refused.headers()).containsEntry("retry-after", "7");
            gateway.reload(endpoint("fast", one.port(), "starting"));
            assertThat(TestingClient.post(gateway.port(), CHAT, STREAM).text()).contains("endpoint fast is starting");
            gateway.reload(ready("fast", one.port()));
            assertThat(TestingClient.post(gateway.port(), CHAT, STREAM).text()).endsWith("data: [DONE]\n\n");
        }
    }

    @Test
    void clientsThatDoNotReadCostNoMemoryAndLoseNothing() throws Exception {
        int clients = 12;
        int length = 24 << 20;
        byte[] block = new byte[64 << 10];
        new Random(3).nextBytes(block);
        var written = new AtomicLong();
        try (var upstream = TestingUpstream.start((request, connection) -> {
                    connection.send(
                            "HTTP/1.1 200 OK\r\nContent-Type: audio/wav\r\nContent-Length: " + length + "\r\n\r\n");
                    for (int at = 0; at < length; at += block.length) {
                        connection.send(block);
                        written.addAndGet(block.length);
                    }
                });
                var gateway = GatewayProcess.start(dir, ready("fast", upstream.port()))) {
            var slow = new ArrayList<TestingClient>();
            try {
                for (int i = 0; i < clients; i++) {
                    var client = new TestingClient(gateway.port(), 64 << 10);
                    slow.add(client);
                    client.send("POST", "/v1/audio/speech", STREAM);
                }
                for (int i = 0; i < clients; i++) {
                    upstream.next();
                }
                // Somebody who reads is served meanwhile.
                gateway.reload(ready("fast", upstream.port()), ready("deep", two.port()));
                assertThat(TestingClient.post(gateway.port(), CHAT, "{\"model\":\"deep\",\"messages\":[]}")
                                .whole())
                        .isTrue();
                var before = new AtomicLong(-1);
                await().atMost(Duration.ofSeconds(60))
                        .pollInterval(Duration.ofMillis(500))
                        .until(() -> before.getAndSet(written.get()) == written.get());
                assertThat(written.get()).isLessThan((long) clients * length / 2);
                for (var client : slow) {
                    var answer = client.answer();
                    assertThat(answer.whole()).isTrue();
                    assertThat(answer.body().length()).isEqualTo(length);
                    assertThat(answer.body().slice(length - block.length, length))
                            .isEqualTo(Buffer.buffer(block));
                }
                assertThat(gateway.peak()).as("MiB").isLessThan(260);
            } finally {
                for (var client : slow) {
                    client.close();
                }
            }
        }
    }

    @Test
    void hugeBodiesWaitForEachOtherAndNeverEndTheGateway() throws Exception {
        try (var upstream = TestingUpstream.start((request, connection) -> connection.json("{}"));
                var gateway = GatewayProcess.start(dir, ready("fast", upstream.port()));
                var clients = Executors.newVirtualThreadPerTaskExecutor()) {
            int port = gateway.port();
            String large = "{\"model\":\"fast\",\"image\":\"" + "A".repeat(30 << 20) + "\"}";
            var answers = new ArrayList<Future<TestingClient.Answer>>();
            for (int i = 0; i < 4; i++) {
                answers.add(clients.submit(() -> TestingClient.post(port, CHAT, large)));
            }
            for (var answer : answers) {
                assertThat(answer.get(60, TimeUnit.SECONDS).status()).isEqualTo(200);
            }
            var tooLarge = TestingClient.post(port, CHAT, large + "A".repeat(3 << 20));
            assertThat(tooLarge.status()).isEqualTo(413);
            assertThat(tooLarge.text()).contains("at most 32 MiB");
            assertThat(TestingClient.post(port, CHAT, large).status()).isEqualTo(200);
            assertThat(gateway.process().isAlive()).isTrue();
            assertThat(gateway.peak()).as("MiB").isLessThan(300);
        }
    }
}
