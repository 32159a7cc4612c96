package mlxstack.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class SimulatorTest {

    private static final String TOOLS = """
            {"messages":[{"role":"user","content":"hi"}],"tools":[
              {"type":"function","function":{"name":"other"}},
              {"type":"function","function":{"name":"write","parameters":{"type":"object","required":["path","mode","n"],
                "properties":{"path":{"type":"string"},"mode":{"enum":["a","b"]},"n":{"type":"integer","minimum":3},
                "ignored":{"type":"boolean"}}}}}],
             "tool_choice":{"type":"function","function":{"name":"write"}}%s}""";

    @Test
    void answersTheSameToTheSame() throws Exception {
        try (var simulator = new Started("--model", "fast")) {
            var first = simulator.chat("hello you");
            assertThat(first.statusCode()).isEqualTo(200);
            assertThat(first.body())
                    .contains("\"content\":\"Hello from fast. You said: hello you\"")
                    .contains("\"finish_reason\":\"stop\"")
                    .contains("\"usage\":{\"prompt_tokens\":9,\"completion_tokens\":7,\"total_tokens\":16}");
            assertThat(simulator.chat("hello you").body()).isEqualTo(first.body());
        }
    }

    /** A pause between tokens looks for a hang-up on the same connection that the next request comes on. */
    @Test
    void answersEachRequestOfAConnectionOnceWhileItTakesItsTime() throws Exception {
        try (var simulator = new Started("--model", "fast", "--token-delay", "2ms")) {
            for (int i = 0; i < 5; i++) {
                assertThat(simulator.chat("number " + i).body()).contains("You said: number " + i + "\"");
            }
        }
    }

    @Test
    void streamsTokensUsageAndTheEnd() throws Exception {
        try (var simulator = new Started("--tokens", "3")) {
            var lines = simulator
                    .post(
                            "/v1/chat/completions",
                            "{\"stream\":true,\"stream_options\":{\"include_usage\":true},"
                                    + "\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":\"x\"}]}]}")
                    .body()
                    .lines()
                    .filter(line -> !line.isEmpty())
                    .toList();
            assertThat(lines).hasSize(7).allMatch(line -> line.startsWith("data: "));
            assertThat(lines.get(0)).contains("\"role\":\"assistant\"");
            assertThat(lines.get(1)).contains("\"content\":\"Hello\"");
            assertThat(lines.get(4)).contains("\"finish_reason\":\"stop\"");
            assertThat(lines.get(5)).contains("\"choices\":[]").contains("\"completion_tokens\":3");
            assertThat(lines.get(6)).isEqualTo("data: [DONE]");
        }
    }

    @Test
    void usesAToolUntilItSeesTheResult() throws Exception {
        String call =
                "\"name\":\"write\",\"arguments\":\"{\\\"path\\\":\\\"simulated path\\\",\\\"mode\\\":\\\"a\\\",\\\"n\\\":3}\"";
        try (var simulator = new Started()) {
            assertThat(simulator
                            .post("/v1/chat/completions", TOOLS.formatted(""))
                            .body())
                    .contains(call)
                    .contains("\"finish_reason\":\"tool_calls\"");
            assertThat(simulator
                            .post("/v1/chat/completions", TOOLS.formatted(",\"stream\":true"))
                            .body())
                    .contains("\"name\":\"write\",\"arguments\":\"\"")
                    .contains("\"arguments\":\"{\\\"path\\\"");
            assertThat(simulator
                            .post(
                                    "/v1/chat/completions",
                                    TOOLS.formatted("").replace("\"role\":\"user\"", "\"role\":\"tool\""))
                            .body())
                    .contains("You said: hi")
                    .doesNotContain("tool_calls");
        }
    }

    @Test
    void embedsTextAsUnitVectorsInBothEncodings() throws Exception {
        try (var simulator = new Started()) {
            var data = Body.read(simulator
                            .post("/v1/embeddings", "{\"input\":[\"a\",\"b\"],\"dimensions\":8}")
                            .body())
                    .parts("data");
            assertThat(data).hasSize(2);
            List<Double> vector = new ArrayList<>();
            if (data.getFirst().get("embedding") instanceof List<?> list) {
                list.forEach(value -> vector.add((Double) value));
            }
            assertThat(vector.stream().mapToDouble(v -> v * v).sum()).isBetween(0.999, 1.001);

            var packed = Body.read(simulator
                            .post("/v1/embeddings", "{\"input\":\"a\",\"dimensions\":8,\"encoding_format\":\"base64\"}")
                            .body())
                    .parts("data")
                    .getFirst();
            var bytes = ByteBuffer.wrap(Base64.getDecoder().decode(packed.text("embedding", "")))
                    .order(ByteOrder.LITTLE_ENDIAN);
            for (double value : vector) {
                assertThat((double) bytes.getFloat()).isEqualTo(value, org.assertj.core.data.Offset.offset(1e-6));
            }
            assertThat(bytes.hasRemaining()).isFalse();
        }
    }

    @Test
    void completesPromptsAndStopsAtTheLimit() throws Exception {
        try (var simulator = new Started("--model", "m")) {
            assertThat(simulator
                            .post("/v1/completions", "{\"prompt\":\"a b\",\"max_tokens\":2}")
                            .body())
                    .contains("\"text\":\"Hello from\"")
                    .contains("\"finish_reason\":\"length\"");
            assertThat(simulator.get("/v1/models").body()).contains("\"id\":\"m\"");
            assertThat(simulator.get("/v1/models/m").statusCode()).isEqualTo(200);
            assertThat(simulator.get("/v1/models/other").statusCode()).isEqualTo(404);
        }
    }

    @Test
    void isLoadingAtFirstOrForEver() throws Exception {
        long from = System.nanoTime();
        try (var simulator = new Started("--load-time", "300ms")) {
            await().until(() -> simulator.get("/health").statusCode() == 200);
            assertThat(Duration.ofNanos(System.nanoTime() - from)).isGreaterThanOrEqualTo(Duration.ofMillis(300));
            assertThat(simulator.chat("x").statusCode()).isEqualTo(200);
        }
        try (var simulator = new Started("--never-ready")) {
            assertThat(simulator.get("/health").statusCode()).isEqualTo(503);
            assertThat(simulator.chat("x").statusCode()).isEqualTo(503);
        }
    }

    @Test
    void aRequestAsksForItsOwnFault() throws Exception {
        try (var simulator = new Started()) {
            var busy = simulator.chat("x", "X-Simulator", "status=429; retry-after=7");
            assertThat(busy.statusCode()).isEqualTo(429);
            assertThat(busy.headers().firstValue("retry-after")).contains("7");
            assertThat(simulator.chat("x", "X-Simulator", "port=1").statusCode())
                    .isEqualTo(400);
            assertThat(simulator.chat("x", "X-Simulator", "tokens=2").body()).contains("\"content\":\"Hello from\"");
        }
    }

    @Test
    void refusesWhatItCannotRead() throws Exception {
        try (var simulator = new Started()) {
            assertThat(simulator.post("/v1/chat/completions", "{").body()).contains("not JSON at character 1");
            assertThat(simulator.post("/v1/chat/completions", "{}").body()).contains("messages: expected a list");
            assertThat(simulator.post("/v1/embeddings", "{}").body()).contains("input: expected text");
            assertThat(simulator.post("/health", "").statusCode()).isEqualTo(405);
            assertThat(simulator.get("/nothing").statusCode()).isEqualTo(404);
            assertThat(raw(simulator, "nonsense\r\n\r\n")).startsWith("HTTP/1.1 400");
            assertThat(raw(simulator, "POST /v1/completions HTTP/1.1\r\nContent-Length: 999999999\r\n\r\n"))
                    .startsWith("HTTP/1.1 413");
        }
    }

    @Test
    void readsChunksAndServesOldClientsToo() throws Exception {
        String body = "{\"prompt\":\"x\",\"max_tokens\":1,\"stream\":true}";
        try (var simulator = new Started()) {
            String chunked = raw(
                    simulator,
                    "POST /v1/completions HTTP/1.1\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n"
                            + "5\r\n" + body.substring(0, 5) + "\r\n"
                            + Integer.toHexString(body.length() - 5) + "\r\n" + body.substring(5) + "\r\n0\r\n\r\n");
            assertThat(chunked).contains("Transfer-Encoding: chunked").endsWith("0\r\n\r\n");
            String old = raw(
                    simulator, "POST /v1/completions HTTP/1.0\r\nContent-Length: " + body.length() + "\r\n\r\n" + body);
            assertThat(old).doesNotContain("Transfer-Encoding").endsWith("data: [DONE]\n\n");
        }
    }

    @Test
    void closesTheConnectionBehindEachAnswerAndSaysSo() throws Exception {
        String request = stream("close");
        try (var simulator = new Started()) {
            assertThat(raw(simulator, request + request))
                    .containsOnlyOnce("HTTP/1.1 200 OK")
                    .contains("Connection: close\r\n")
                    .endsWith("0\r\n\r\n");
        }
    }

    @Test
    void breaksOffInTheTwoWaysConnectionsDo() throws Exception {
        try (var simulator = new Started()) {
            assertThat(raw(simulator, stream("cut-mid-stream-after=2")))
                    .contains("Hello")
                    .doesNotContain("said")
                    .doesNotEndWith("0\r\n\r\n");
            assertThatExceptionOfType(SocketException.class)
                    .isThrownBy(() -> raw(simulator, stream("reset-mid-stream-after=2")));
        }
    }

    @Test
    void hangsWithHealthAfterSoManyAnswers() throws Exception {
        try (var simulator = new Started("--hang-after", "1")) {
            assertThat(simulator.get("/health").statusCode()).isEqualTo(200);
            assertThat(simulator.chat("x").statusCode()).isEqualTo(200);
            try (var socket = new Socket(InetAddress.getLoopbackAddress(), simulator.port())) {
                socket.getOutputStream().write("GET /health HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                socket.setSoTimeout(200);
                assertThatExceptionOfType(java.net.SocketTimeoutException.class)
                        .isThrownBy(() -> socket.getInputStream().read());
            }
        }
    }

    @Test
    void takesItsTime() throws Exception {
        try (var simulator = new Started("--first-token-delay", "100ms", "--token-delay", "20ms", "--tokens", "6")) {
            long from = System.nanoTime();
            simulator.chat("x");
            assertThat(Duration.ofNanos(System.nanoTime() - from)).isGreaterThanOrEqualTo(Duration.ofMillis(200));
        }
    }

    /** Of a request whose answer is a stream. */
    private static String stream(String knobs) {
        String body = "{\"prompt\":\"x\",\"stream\":true}";
        return "POST /v1/completions HTTP/1.1\r\nX-Simulator: " + knobs + "\r\nContent-Length: " + body.length()
                + "\r\n\r\n" + body;
    }

    private static String raw(Started simulator, String request) throws IOException {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), simulator.port())) {
            socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
