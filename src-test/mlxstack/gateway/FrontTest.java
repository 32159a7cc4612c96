package mlxstack.gateway;

import static mlxstack.gateway.Served.endpoint;
import static mlxstack.gateway.Served.ready;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is answered here and never reaches a model server. */
class FrontTest {

    private static final String CHAT = "/v1/chat/completions";
    private static final String FAST = "{\"model\":\"fast\"}";

    @TempDir
    Path dir;

    @Test
    void anUnknownModelIsToldTheKnownOnes() throws Exception {
        try (var gateway =
                Served.start(dir, endpoint("fast", 9, "ready", "org/fast-4b"), endpoint("deep", 9, "stopped"))) {
            var answer = TestingClient.post(gateway.port(), CHAT, "{\"model\":\"fats\"}");
            assertThat(answer.status()).isEqualTo(404);
            assertThat(answer.headers()).containsEntry("content-type", "application/json");
            assertThat(new JsonObject(answer.text()))
                    .isEqualTo(new JsonObject()
                            .put(
                                    "error",
                                    new JsonObject()
                                            .put(
                                                    "message",
                                                    "no model \"fats\"; known: fast, org/fast-4b, deep;"
                                                            + " did you mean \"fast\"?")
                                            .put("type", "invalid_request_error")
                                            .put("code", "model_not_found")
                                            .put("param", "model")));
            var messages = new JsonObject(TestingClient.post(gateway.port(), "/v1/messages", "{\"model\":\"fats\"}")
                    .text());
            assertThat(messages.getString("type")).isEqualTo("error");
            assertThat(messages.getJsonObject("error").getString("type")).isEqualTo("not_found_error");
        }
    }

    @ParameterizedTest
    @CsvSource({"starting,7", "draining,7", "unavailable,7", "stopped,60"})
    void anEndpointThatDoesNotServeSaysWhenToComeAgain(String availability, String after) throws Exception {
        try (var gateway = Served.start(dir, endpoint("fast", 9, availability))) {
            var answer = TestingClient.post(gateway.port(), CHAT, FAST);
            assertThat(answer.status()).isEqualTo(503);
            assertThat(answer.headers()).containsEntry("retry-after", after);
            assertThat(answer.text()).contains("endpoint_" + availability, "endpoint fast ");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "POST | /v1/chat/completions | {             | 400 | not JSON",
                "POST | /v1/chat/completions | []            | 400 | no JSON object",
                "POST | /v1/chat/completions | {}            | 400 | no \"model\"",
                "POST | /v1/chat/completions | {\"model\":1} | 400 | not a string",
                "POST | /v1/chat/completions | {\"model\":\"fast\",\"model\":\"b\"} | 400 | two \"model\"",
                "POST | /v1/chat/completions | {\"model\":\"fast\"} x | 400 | not JSON",
                "POST | /v1/chat/completions | {\"model\":\"fast\"} {} | 400 | not JSON",
                "GET  | /v1/chat/completions | ''            | 405 | expected POST",
                "POST | /v1/models           | {}            | 405 | expected GET",
                "GET  | /api/tags            | ''            | 404 | there is no /api/tags",
                "POST | /v1/../admin         | {}            | 404 | there is no",
                "POST | /v1/%2e%2e/admin     | {}            | 404 | there is no",
                "GET  | /v1/models/nope      | ''            | 404 | no model",
            })
    void saysWhatIsWrongWithARequest(String method, String path, String body, int status, String message)
            throws Exception {
        try (var gateway = Served.start(dir, ready("fast", 9))) {
            var answer = TestingClient.call(gateway.port(), method, path, body);
            assertThat(answer.status()).isEqualTo(status);
            assertThat(new JsonObject(answer.text()).getJsonObject("error").getString("message"))
                    .contains(message);
        }
    }

    @Test
    void listsTheModelsForBothKindsOfClient() throws Exception {
        try (var gateway =
                Served.start(dir, endpoint("fast", 9, "ready", "org/fast-4b"), endpoint("deep", 9, "starting"))) {
            var openai = new JsonObject(
                    TestingClient.get(gateway.port(), "/v1/models").text());
            assertThat(openai.getString("object")).isEqualTo("list");
            assertThat(openai.getJsonArray("data").stream().map(m -> ((JsonObject) m).getString("id")))
                    .containsExactly("fast", "org/fast-4b", "deep");
            var anthropic = new JsonObject(
                    TestingClient.get(gateway.port(), "/v1/models?limit=1000", "anthropic-version: 2023-06-01")
                            .text());
            assertThat(anthropic.getString("first_id")).isEqualTo("fast");
            assertThat(anthropic.getBoolean("has_more")).isFalse();
            var one = new JsonObject(TestingClient.get(gateway.port(), "/v1/models/org%2Ffast-4b")
                    .text());
            assertThat(one.getString("id")).isEqualTo("org/fast-4b");
            assertThat(one.getString("endpoint")).isEqualTo("fast");
        }
    }

    @Test
    void aNameOfTheMachineIsListenedOnAtEachOfItsAddresses() throws Exception {
        Path file = dir.resolve("gateway.json");
        String table = new String(Served.table(0, ready("fast", 9)), StandardCharsets.UTF_8);
        Files.writeString(file, table.replace("127.0.0.1", "localhost"));
        var gateway = Gateway.start(TableFile.open(file), new Intake(), Gateway.Limits.DEFAULT)
                .toCompletionStage()
                .toCompletableFuture()
                .get();
        try {
            assertThat(TestingClient.get(gateway.port(), "/health").status()).isEqualTo(200);
        } finally {
            gateway.drain(Duration.ofMillis(1));
        }
    }

    @Test
    void anOldClientIsAnsweredInItsOwnVersion() throws Exception {
        try (var upstream = TestingUpstream.start((request, connection) -> {
                    connection.events();
                    connection.chunk("data: {\"choices\":[{\"text\":\"1\"}]}\n\n");
                    connection.chunk("data: [DONE]\n\n");
                    connection.lastChunk();
                });
                var gateway = Served.start(dir, ready("fast", upstream.port()));
                var socket = new Socket(InetAddress.getLoopbackAddress(), gateway.port())) {
            String request =
                    "POST /v1/completions HTTP/1.0\r\nContent-Length: %d\r\n\r\n%s".formatted(FAST.length(), FAST);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII))
                    .startsWith("HTTP/1.0 200 ")
                    .endsWith("\r\n\r\ndata: {\"choices\":[{\"text\":\"1\"}]}\n\ndata: [DONE]\n\n");
        }
    }
}
