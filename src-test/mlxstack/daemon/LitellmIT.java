package mlxstack.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import mlxstack.engine.Peers;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A real LiteLLM behind our front, under a whole daemon; who answered is known by how many words it says. */
class LitellmIT {

    /** Twelve seconds of computing; the machine has other things to do. */
    private static final Duration START = Duration.ofMinutes(4);

    private static final String A = "gateway-litellm-a";
    private static final String B = "gateway-litellm-b";
    private static final int PRIMARY = 3;
    private static final int FAST = 5;
    private static final int PREMIUM = 7;
    private static final String HARD =
            "Think through this step by step, weigh the options, and prove that the algorithm is optimal";

    private final Rig rig = new Rig();
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final CopyOnWriteArrayList<String> outbound = new CopyOnWriteArrayList<>();
    private final ServerSocket outside;
    private final int gateway;
    private final int far;

    LitellmIT() throws IOException {
        outside = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        gateway = freePort();
        far = freePort();
        Thread.ofVirtual().start(() -> {
            while (true) {
                try (var socket = outside.accept()) {
                    outbound.add(new String(socket.getInputStream().readNBytes(60), StandardCharsets.ISO_8859_1));
                } catch (IOException e) {
                    return;
                }
            }
        });
    }

    @AfterEach
    void end() throws IOException {
        rig.close();
        outside.close();
        http.close();
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /** @param routes more of them, each a line */
    private void stack(String routes) {
        rig.stack("""
                defaults:
                  env:
                    PATH: "%s"
                    HTTP_PROXY: "http://127.0.0.1:%d"
                    HTTPS_PROXY: "http://127.0.0.1:%d"
                    NO_PROXY: 127.0.0.1
                  restart: {backoff: {initial: 60s, max: 60s}}
                endpoints:
                  - {name: primary, engine: simulator, args: [--tokens, "%d"]}
                  - {name: fast, engine: simulator, args: [--tokens, "%d"]}
                  - {name: far, engine: simulator, port: %d, args: [--tokens, "%d"]}
                providers:
                  - name: elsewhere
                    type: openai
                    baseUrl: http://127.0.0.1:%d/v1
                    apiKey: {env: ELSEWHERE_KEY}
                    models: [{name: premium, model: far-model, price: {input: "3.00", output: "15.00"}}]
                gateway:
                  engine: litellm
                  listen: 127.0.0.1:%d
                  complexity:
                    mode: "on"
                    classifier: text
                    model: auto
                    levels: {simple: {model: fast}, standard: {model: fast}, expert: {model: premium}}
                    order: [fast, premium]
                  routes:
                    - name: smart
                      match: {model: smart}
                      backends: [{endpoint: primary}, {endpoint: fast}, {provider: elsewhere, model: premium}]
                    - name: at-any-price
                      match: {model: dear}
                      backends: [{endpoint: primary}, {provider: elsewhere, model: premium}]
                """.formatted(
                                Peers.litellm(),
                                outside.getLocalPort(),
                                outside.getLocalPort(),
                                PRIMARY,
                                FAST,
                                far,
                                PREMIUM,
                                far,
                                gateway)
                + routes.indent(4));
    }

    private void until(Callable<Boolean> holds) {
        await().atMost(START).pollInterval(Duration.ofMillis(100)).until(holds);
    }

    private HttpResponse<String> ask(String path, String body) throws Exception {
        var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + gateway + path))
                .header("content-type", "application/json")
                .timeout(Duration.ofSeconds(60))
                .POST(HttpRequest.BodyPublishers.ofString(body));
        return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private static String chat(String model, String text, boolean stream) {
        return "{\"model\":\"%s\",\"stream\":%s,\"messages\":[{\"role\":\"user\",\"content\":\"%s\"}]}"
                .formatted(model, stream, text);
    }

    /** How many words the answer has, which tells whose it is; -1 when it is none. */
    private int words(String model, String text) throws Exception {
        var answer = ask("/v1/chat/completions", chat(model, text, false));
        JsonNode body = JsonMapper.shared().readTree(answer.body());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return body.at("/usage/completion_tokens").asInt(-1);
    }

    private void mode(String file) throws IOException {
        var path = rig.home.root().resolve(file);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
                .as(file)
                .isEqualTo("rw-------");
    }

    @Test
    @DisplayName("routes, tiers and fallbacks work on the real proxy; a changed one takes over without a call lost")
    void aWholeLife() throws Exception {
        Files.writeString(rig.home.root().resolve("env"), "ELSEWHERE_KEY=not-a-secret-of-anybody\n");
        Files.setPosixFilePermissions(rig.home.root().resolve("env"), PosixFilePermissions.fromString("rw-------"));
        stack("");
        rig.start();
        rig.untilReady("primary", "fast", "far", "gateway");
        until(() -> rig.isReady(A));

        goesWhereItShould();
        keepsItsKeyToItself();
        fallsBack();
        isReplacedWithoutALoss();

        long second = rig.pid(B);
        rig.restart();
        rig.untilReadyAs(B, second);
        assertThat(words("brave", "hello")).isEqualTo(FAST);
        assertThat(outbound).as("what it asked of others").isEmpty();
    }

    private void goesWhereItShould() throws Exception {
        assertThat(words("primary", "hello")).isEqualTo(PRIMARY);
        assertThat(words("smart", "hello")).isEqualTo(PRIMARY);
        assertThat(words("premium", "hello")).isEqualTo(PREMIUM);
        assertThat(words("auto", "hi")).isEqualTo(FAST);
        assertThat(words("auto", HARD)).as("the premium tier").isEqualTo(PREMIUM);
        var messages = ask(
                "/v1/messages",
                "{\"model\":\"fast\",\"max_tokens\":50,\"messages\":[{\"role\":\"user\",\"content\":\"hello\"}]}");
        assertThat(messages.body()).contains("\"type\":\"message\"").contains("\"output_tokens\":" + FAST);
        assertThat(ask("/v1/chat/completions", chat("nobody", "hello", false)).statusCode())
                .isEqualTo(404);
        assertThat(rig.ok("status")).contains("LiteLLM healthy").contains(A);
    }

    private void keepsItsKeyToItself() throws Exception {
        for (String file : List.of(A + ".yaml", A + ".env", "gateway-litellm.key", "gateway.secrets.json")) {
            mode(file);
        }
        var key =
                Files.readString(rig.home.root().resolve("gateway-litellm.key")).strip();
        assertThat(Files.readString(rig.home.root().resolve(A + ".yaml"))).doesNotContain(key);
        assertThat(Files.readString(rig.home.root().resolve("gateway.json"))).doesNotContain(key);
        assertThat(rig.ok("get", "process", A, "-o", "yaml")).doesNotContain(key);
        int port = rig.status(A).path("port").asInt();
        assertThat(port).isNotEqualTo(4000);
        var wrong = http.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/v1/chat/completions"))
                        .header("authorization", "Bearer sk-wrong")
                        .header("content-type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(chat("fast", "hello", false)))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        // Without a database it has no better word for it than 400.
        assertThat(wrong.statusCode()).isBetween(400, 500);
        assertThat(wrong.body()).doesNotContain("choices");
    }

    private void fallsBack() throws Exception {
        Rig.kill(rig.pid("primary"), "KILL");
        rig.until(() -> rig.pid("primary") == 0);
        assertThat(words("smart", "hello")).as("the next of the chain").isEqualTo(FAST);
        var stream = ask("/v1/chat/completions", chat("smart", "hello", true));
        assertThat(stream.statusCode()).isEqualTo(200);
        assertThat(stream.body()).contains("data: [DONE]");
        assertThat(words("dear", "hello"))
                .as("the last resort costs money, and its key works")
                .isEqualTo(PREMIUM);
    }

    private void isReplacedWithoutALoss() throws Exception {
        long first = rig.pid(A);
        var over = new AtomicBoolean();
        var calls = new AtomicInteger();
        var failed = new CopyOnWriteArrayList<String>();
        var client = Thread.ofVirtual().start(() -> {
            while (!over.get()) {
                try {
                    var answer = ask("/v1/chat/completions", chat("fast", "hello", false));
                    calls.incrementAndGet();
                    if (answer.statusCode() != 200) {
                        failed.add(answer.statusCode() + " " + answer.body());
                    }
                } catch (Exception e) {
                    failed.add(e.toString());
                }
            }
        });
        stack("- {name: brave, match: {model: brave}, backends: [{endpoint: fast}]}\n");
        until(() -> rig.pid(B) > 0);
        assertThat(rig.pid(A)).as("the old one serves on").isEqualTo(first);
        until(() -> rig.isReady(B) && rig.process(A).isMissingNode());
        int before = calls.get();
        until(() -> calls.get() > before);
        over.set(true);
        client.join();

        assertThat(failed).as("of %d calls", calls.get()).isEmpty();
        assertThat(words("brave", "hello")).isEqualTo(FAST);
        assertThat(rig.leaders(A)).isEmpty();
    }
}
