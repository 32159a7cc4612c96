package mlxstack.gateway;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static mlxstack.gateway.Served.endpoint;
import static mlxstack.gateway.Served.ready;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.awaitility.Awaitility.await;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who must not get in, and what must not get out: the gateway's own process, at each of its addresses and on each of its ways in. */
class GatewaySecurityIT {

    private static final String CHAT = "/v1/chat/completions";
    private static final String FAST = "{\"model\":\"fast\"}";
    private static final List<String> WAYS = List.of(
            "POST " + CHAT,
            "POST /v1/completions",
            "POST /v1/messages",
            "POST /v1/messages/count_tokens",
            "POST /v1/responses",
            "POST /v1/embeddings",
            "POST /v1/audio/transcriptions",
            "POST /v1/chat",
            "GET /v1/models",
            "GET /v1/models/fast",
            "GET /v1/responses/resp_1",
            "DELETE /v1/responses/resp_1",
            "GET /health",
            "GET /metrics",
            "GET /",
            "OPTIONS " + CHAT);

    @TempDir
    Path dir;

    private TestingUpstream upstream;
    private GatewayProcess gateway;
    private List<InetAddress> addresses;

    @BeforeEach
    void start() throws IOException {
        upstream = TestingUpstream.start((request, connection) -> {
            if (request.text().contains("breaks")) {
                String said =
                        "{\"error\":{\"message\":\"cannot do: " + request.text().replace('"', '\'') + "\"}}";
                connection.send("HTTP/1.1 500 X\r\nContent-Type: application/json\r\nContent-Length: " + said.length()
                        + "\r\n\r\n" + said);
            } else if (request.text().contains("garbles")) {
                connection.json("no JSON: " + request.text());
            } else {
                connection.send(
                        "HTTP/1.1 200 OK\r\nAccess-Control-Allow-Origin: *\r\nSet-Cookie: a=b\r\n"
                                + "Access-Control-Allow-Headers: *\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}");
            }
        });
        var table = new String(Served.table(0, ready("fast", upstream.port())), StandardCharsets.UTF_8);
        Served.replace(
                dir.resolve("gateway.json"),
                table.replace("\"host\":\"127.0.0.1\"", "\"host\":\"localhost\"")
                        .getBytes(StandardCharsets.UTF_8));
        gateway = GatewayProcess.startWithFile(dir);
        addresses = List.of(InetAddress.getAllByName("localhost"));
    }

    @AfterEach
    void stop() throws IOException {
        gateway.close();
        upstream.close();
    }

    private TestingClient.Answer call(InetAddress at, String way, String... headers) throws IOException {
        var words = way.split(" ");
        try (var client = new TestingClient(at, gateway.port())) {
            client.send(words[0], words[1], words[0].equals("POST") ? FAST : "", headers);
            return client.answer();
        }
    }

    @Test
    void noWebPageGetsInAnywhere() throws Exception {
        for (InetAddress at : addresses) {
            for (String way : WAYS) {
                for (String header : List.of(
                        "Host: evil.example",
                        "Host: rebound.evil.example:" + gateway.port(),
                        "Host: 192.168.1.5:4000",
                        "Host: 127.0.0.1\r\nHost: evil.example",
                        "Origin: http://evil.example",
                        "Origin: null",
                        "Origin: http://127.0.0.1:" + gateway.port(),
                        "Sec-Fetch-Site: none\r\nSec-Fetch-Site: cross-site",
                        "Sec-Fetch-Site: cross-site")) {
                    var answer = call(at, way, header);
                    assertThat(answer.status()).as("%s %s %s", at, way, header).isIn(400, 403);
                    assertThat(answer.headers().keySet()).noneMatch(name -> name.startsWith("access-control"));
                }
            }
        }
        assertThat(upstream.waiting()).isZero();
        assertThat(call(addresses.getFirst(), "POST " + CHAT).headers().keySet())
                .as("nor does a model server let one in, or leave something behind")
                .noneMatch(name -> name.startsWith("access-control"))
                .doesNotContain("set-cookie");
    }

    @Test
    void onlyThisMachineReachesIt() throws Exception {
        assertThat(addresses).allMatch(InetAddress::isLoopbackAddress);
        for (NetworkInterface each : NetworkInterface.networkInterfaces().toList()) {
            for (InetAddress address : each.inetAddresses().toList()) {
                if (!address.isLoopbackAddress()) {
                    assertThatIOException()
                            .as("%s", address)
                            .isThrownBy(() -> new TestingClient(address, gateway.port()).close());
                }
            }
        }
        for (String host : List.of("0.0.0.0", "::", "192.168.1.5", "example.com")) {
            Path other = Files.createDirectories(dir.resolve("other"));
            var table = new String(Served.table(0, ready("fast", 9)), StandardCharsets.UTF_8);
            Served.replace(
                    other.resolve("gateway.json"),
                    table.replace("\"host\":\"127.0.0.1\"", "\"host\":\"" + host + "\"")
                            .getBytes(StandardCharsets.UTF_8));
            try (var refusing = GatewayProcess.launch(other, "--wait", "0")) {
                assertThat(refusing.exit()).isEqualTo(78);
                assertThat(refusing.output()).contains("found listen.host " + host + ", expected a loopback address");
            }
        }
    }

    @Test
    void whatIsTooLargeIsRefusedBeforeItIsRead() throws Exception {
        for (InetAddress at : addresses) {
            try (var client = new TestingClient(at, gateway.port())) {
                client.raw(("POST " + CHAT + " HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99999999999\r\n\r\n")
                        .getBytes(ISO_8859_1));
                var answer = client.answer();
                assertThat(answer.status()).isEqualTo(413);
                assertThat(answer.text()).contains("99999999999 bytes", "at most 32 MiB");
                assertThat(answer.headers()).containsEntry("connection", "close");
            }
            try (var client = new TestingClient(at, gateway.port())) {
                client.raw(("POST " + CHAT + " HTTP/1.1\r\nHost: localhost\r\nX: " + "a".repeat(70_000))
                        .getBytes(ISO_8859_1));
                assertThat(client.head().status()).isEqualTo(431);
            }
            try (var client = new TestingClient(at, gateway.port())) {
                client.raw(("POST /v1/" + "a".repeat(10_000) + " HTTP/1.1\r\n").getBytes(ISO_8859_1));
                assertThat(client.head().status()).isEqualTo(414);
            }
            try (var client = new TestingClient(at, gateway.port())) {
                client.raw(("POST " + CHAT + " HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n")
                        .getBytes(ISO_8859_1));
                byte[] chunk = ("100000\r\n" + " ".repeat(1 << 20) + "\r\n").getBytes(ISO_8859_1);
                for (int i = 0; i < 40; i++) {
                    client.raw(chunk);
                }
                assertThat(client.head().status()).isEqualTo(413);
            }
        }
        assertThat(upstream.waiting()).isZero();
        assertThat(gateway.peak()).as("MiB").isLessThan(300);
    }

    @Test
    void whereARequestEndsIsNeverInDoubt() throws Exception {
        String second = "GET /v1/models HTTP/1.1\r\nHost: localhost\r\n\r\n";
        for (InetAddress at : addresses) {
            for (String headers : List.of(
                    "Content-Length: 16\r\nTransfer-Encoding: chunked",
                    "Transfer-Encoding: chunked\r\nContent-Length: 16",
                    "Content-Length: 16\r\nContent-Length: 4",
                    "Transfer-Encoding: xchunked",
                    "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity",
                    "Content-Encoding: gzip\r\nContent-Length: 16")) {
                try (var client = new TestingClient(at, gateway.port())) {
                    client.raw(
                            ("POST " + CHAT + " HTTP/1.1\r\nHost: localhost\r\n" + headers + "\r\n\r\n" + FAST + second)
                                    .getBytes(ISO_8859_1));
                    int status = 400;
                    try {
                        status = client.answer().status();
                    } catch (EOFException | SocketException e) {
                        // The end of the connection may overtake the answer.
                    }
                    assertThat(status).as(headers).isBetween(400, 415);
                    assertThat(client.closed())
                            .as("nothing behind it is taken for a request")
                            .isTrue();
                }
            }
        }
        assertThat(upstream.waiting()).isZero();
    }

    @Test
    void halfRequestsKeepNobodyOut() throws Exception {
        var slow = new ArrayList<TestingClient>();
        try {
            for (int i = 0; i < 600; i++) {
                var client = new TestingClient(addresses.get(i % addresses.size()), gateway.port());
                slow.add(client);
                client.raw((i % 3 == 0
                                ? "POST " + CHAT + " HTTP/1.1\r\nHost: loc"
                                : "POST " + CHAT + " HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4000\r\n\r\n{")
                        .getBytes(ISO_8859_1));
            }
            for (InetAddress at : addresses) {
                assertThat(call(at, "POST " + CHAT).status()).isEqualTo(200);
            }
            assertThat(gateway.peak()).as("MiB").isLessThan(200);
        } finally {
            for (var client : slow) {
                client.close();
            }
        }
    }

    @Test
    void neitherPromptsNorKeysAreLeftAnywhere() throws Exception {
        String prompt = "the-prompt-of-somebody";
        String answered = "sk-alpha";
        String wrong = "sk-a-wrong-key";
        new Rules()
                .keys("alpha")
                .route("m", Rules.to("fast"), Rules.to("chat"))
                .write(
                        gateway.file(),
                        0,
                        ready("fast", upstream.port()),
                        endpoint("chat", upstream.port(), "ready").put("speaks", new JsonArray().add("chat")),
                        endpoint("refuses", 9, "ready"));
        for (String model : List.of("m", "fast", "chat", "refuses", "nobody")) {
            for (String path : List.of(CHAT, "/v1/messages", "/v1/responses")) {
                for (String more : List.of("", "breaks", "garbles")) {
                    String body = new JsonObject()
                            .put("model", model)
                            .put("max_tokens", 5)
                            .put("input", prompt + more)
                            .put(
                                    "messages",
                                    new JsonArray()
                                            .add(new JsonObject()
                                                    .put("role", "user")
                                                    .put("content", prompt + more)))
                            .encode();
                    for (String key : List.of(answered, wrong)) {
                        assertThat(TestingClient.post(
                                                gateway.port(),
                                                path,
                                                body,
                                                "Authorization: Bearer " + key,
                                                "Cookie: c=" + key,
                                                "X-Mlxstack-Context: source_kind=owner")
                                        .status())
                                .isGreaterThanOrEqualTo(200);
                    }
                    TestingClient.post(gateway.port(), path, body + "{", "x-api-key: " + answered);
                }
            }
        }
        while (upstream.waiting() > 0) {
            assertThat(upstream.next().headers().toString()).doesNotContain(answered, wrong);
        }
        gateway.process().destroy();
        assertThat(gateway.exit()).isZero();
        assertThat(gateway.output()).contains("failed: ");
        try (Stream<Path> files = Files.walk(dir)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                var text = new String(Files.readAllBytes(file), ISO_8859_1);
                for (String secret : List.of(prompt, answered, wrong)) {
                    assertThat(text.contains(secret))
                            .as("%s in %s", secret, file.getFileName())
                            .isFalse();
                }
            }
        }
    }

    @Test
    void aPackedAnswerIsNotUnpacked() throws Exception {
        byte[] packed = {31, (byte) 139, 8, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3};
        try (var packing = TestingUpstream.start((request, connection) -> {
            assertThat(request.headers()).containsEntry("accept-encoding", "identity");
            connection.send(
                    "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Type: application/json\r\nContent-Length: "
                            + packed.length + "\r\n\r\n");
            connection.send(packed);
        })) {
            gateway.reload(
                    ready("fast", packing.port()),
                    endpoint("chat", packing.port(), "ready").put("speaks", new JsonArray().add("chat")));
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> TestingClient.get(gateway.port(), "/v1/models")
                            .text()
                            .contains("chat"));
            var answer = TestingClient.post(gateway.port(), CHAT, FAST, "Accept-Encoding: gzip");
            assertThat(answer.headers()).containsEntry("content-encoding", "gzip");
            assertThat(answer.body().getBytes()).isEqualTo(packed);
            var translated = TestingClient.post(
                    gateway.port(),
                    "/v1/messages",
                    "{\"model\":\"chat\",\"max_tokens\":5,\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}");
            assertThat(translated.status()).isEqualTo(502);
            assertThat(translated.text()).contains("cannot be understood");
        }
    }
}
