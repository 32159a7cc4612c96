package mlxstack.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static mlxstack.gateway.Served.ready;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayOutputStream;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What comes out at the other side, over real sockets. */
class RelayTest {

    private static final String CHAT = "/v1/chat/completions";
    private static final String FAST = "{\"model\":\"fast\"}";
    private static final String TOKEN = "data: {\"choices\":[{\"delta\":{\"content\":\"é€😀\"}}]}\n\n";

    @TempDir
    Path dir;

    @Test
    void streamsByteForByteWhateverTheBoundaries() throws Exception {
        var random = new Random(7);
        var all = new ByteArrayOutputStream();
        for (int i = 0; i < 300; i++) {
            all.writeBytes(TOKEN.getBytes(UTF_8));
        }
        all.writeBytes("data: [DONE]\n\n".getBytes(UTF_8));
        byte[] sent = all.toByteArray();
        try (var upstream = TestingUpstream.start((request, connection) -> {
                    connection.events();
                    for (int at = 0; at < sent.length; ) {
                        int length = Math.min(sent.length - at, 1 + random.nextInt(40));
                        connection.chunk(java.util.Arrays.copyOfRange(sent, at, at + length));
                        at += length;
                    }
                    connection.lastChunk();
                });
                var gateway = Served.start(dir, ready("fast", upstream.port()))) {
            var answer = TestingClient.post(gateway.port(), CHAT, FAST);
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.whole()).isTrue();
            assertThat(answer.body()).isEqualTo(Buffer.buffer(sent));
            assertThat(answer.headers())
                    .containsEntry("content-type", "text/event-stream")
                    .containsEntry("x-mlxstack-endpoint", "fast");
        }
    }

    @Test
    void passesEachPartOnBeforeTheNextOneExists() throws Exception {
        var seen = new CountDownLatch(1);
        try (var upstream = TestingUpstream.start((request, connection) -> {
                    connection.events();
                    connection.chunk(TOKEN);
                    if (seen.await(20, TimeUnit.SECONDS)) {
                        connection.chunk("data: [DONE]\n\n");
                        connection.lastChunk();
                    }
                });
                var gateway = Served.start(dir, ready("fast", upstream.port()));
                var client = new TestingClient(gateway.port())) {
            client.send("POST", CHAT, FAST);
            assertThat(client.head().status()).isEqualTo(200);
            assertThat(new String(client.chunk(), UTF_8)).isEqualTo(TOKEN);
            seen.countDown();
            assertThat(new String(client.chunk(), UTF_8)).isEqualTo("data: [DONE]\n\n");
            assertThat(client.chunk()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/v1/chat/completions",
                "/v1/completions",
                "/v1/embeddings",
                "/v1/responses",
                "/v1/messages?beta=true",
                "/v1/messages/count_tokens?beta=true",
                "/v1/rerank"
            })
    void sendsTheRequestAsItIs(String path) throws Exception {
        try (var upstream = TestingUpstream.start((request, connection) -> connection.json("{\"ok\": true }"));
                var gateway = Served.start(dir, ready("fast", upstream.port()))) {
            String body = "{ \"x\": 1.0,\n \"model\" : \"fast\", \"é\": \"\\u00e9\" }";
            var answer = TestingClient.post(
                    gateway.port(), path, body, "Authorization: Bearer secret", "anthropic-version: 2023-06-01");
            assertThat(answer.text()).isEqualTo("{\"ok\": true }");
            var received = upstream.next();
            assertThat(received.line()).isEqualTo("POST " + path + " HTTP/1.1");
            assertThat(received.text()).isEqualTo(body);
            assertThat(received.headers())
                    .containsEntry("anthropic-version", "2023-06-01")
                    .doesNotContainKey("authorization");
        }
    }

    @Test
    void putsTheServersOwnNameInPlaceOfTheModelsAndTouchesNothingElse() throws Exception {
        try (var upstream = TestingUpstream.start((request, connection) -> connection.json("{}"));
                var gateway =
                        Served.start(dir, ready("fast", upstream.port()).put("upstreamModel", "/models/a \"b\""))) {
            TestingClient.post(
                    gateway.port(), CHAT, "{\"a\":[{\"model\":\"x\"}] ,\"model\" :\"f\\u0061st\" , \"b\":2}");
            assertThat(upstream.next().text())
                    .isEqualTo("{\"a\":[{\"model\":\"x\"}] ,\"model\" :\"/models/a \\\"b\\\"\" , \"b\":2}");
        }
    }

    @Test
    void findsTheModelOfAForm() throws Exception {
        try (var upstream = TestingUpstream.start((request, connection) -> connection.json("{}"));
                var gateway = Served.start(dir, ready("ears", upstream.port()).put("upstreamModel", "whisper"))) {
            String form = """
                    --b1
                    Content-Disposition: form-data; name="file"; filename="a.wav"

                    RIFF
                    --b1
                    Content-Disposition: form-data; name="model"

                    %s
                    --b1--
                    """.replace("\n", "\r\n");
            var answer = TestingClient.post(
                    gateway.port(),
                    "/v1/audio/transcriptions",
                    form.formatted("ears"),
                    "Content-Type: multipart/form-data; boundary=b1");
            assertThat(answer.status()).isEqualTo(200);
            assertThat(upstream.next().text()).isEqualTo(form.formatted("whisper"));
        }
    }

    @Test
    void passesTheServersErrorsOn() throws Exception {
        String busy = """
                HTTP/1.1 429 Slow
                Retry-After: 9
                Content-Length: 4
                Keep-Alive: timeout=5
                Access-Control-Allow-Origin: *

                busy""";
        try (var upstream =
                        TestingUpstream.start((request, connection) -> connection.send(busy.replace("\n", "\r\n")));
                var gateway = Served.start(dir, ready("fast", upstream.port()))) {
            var answer = TestingClient.post(gateway.port(), CHAT, FAST);
            assertThat(answer.status()).isEqualTo(429);
            assertThat(answer.text()).isEqualTo("busy");
            assertThat(answer.headers())
                    .containsEntry("retry-after", "9")
                    .doesNotContainKeys("keep-alive", "access-control-allow-origin");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void endsTheServersWorkWhenTheClientGoes(boolean begun) throws Exception {
        var ended = new CountDownLatch(1);
        try (var upstream = TestingUpstream.start((request, connection) -> {
                    if (begun) {
                        connection.events();
                        connection.chunk(TOKEN);
                    }
                    connection.awaitHangUp();
                    ended.countDown();
                });
                var gateway = Served.start(dir, ready("fast", upstream.port()));
                var client = new TestingClient(gateway.port())) {
            client.send("POST", CHAT, FAST);
            upstream.next();
            if (begun) {
                client.head();
            }
            client.hangUp();
            assertThat(ended.await(20, TimeUnit.SECONDS)).isTrue();
        }
    }
}
