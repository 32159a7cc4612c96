package mlxstack.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Clients whose dialect the endpoint does not speak, over real sockets. */
class DialectsTest {

    private static final String HELLO = "\"messages\":[{\"role\":\"user\",\"content\":\"Hello there\"}]";

    @TempDir
    Path dir;

    private static JsonObject speaking(String api, TestingUpstream upstream) {
        return Served.ready("claude-local", upstream.port()).put("speaks", new JsonArray(List.of(api)));
    }

    private static String chunk(String delta, String finish) {
        return "data: {\"choices\":[{\"index\":0,\"delta\":%s,\"finish_reason\":%s}]}\n\n".formatted(delta, finish);
    }

    @Test
    void messagesOverAnEndpointOfChatCompletions() throws Exception {
        try (var upstream = TestingUpstream.start((_, connection) -> {
                    connection.events();
                    connection.chunk(chunk("{\"role\":\"assistant\",\"content\":\"\"}", "null"));
                    connection.chunk(": alive\n\n");
                    connection.chunk(chunk("{\"content\":\"Grüße\"}", "null"));
                    connection.chunk(chunk(
                            "{\"tool_calls\":[{\"index\":0,\"id\":\"c1\",\"function\":{\"name\":\"Bash\",\"arguments\":\"{}\"}}]}",
                            "null"));
                    connection.chunk(chunk("{}", "\"tool_calls\""));
                    connection.chunk(
                            "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":12,\"completion_tokens\":5}}\n\ndata: [DONE]\n\n");
                    connection.lastChunk();
                });
                var gateway = Served.start(dir, speaking("chat", upstream))) {
            var answer = TestingClient.post(
                    gateway.port(),
                    "/v1/messages?beta=true",
                    "{\"model\":\"claude-local\",\"max_tokens\":99,\"stream\":true," + HELLO + "}",
                    "anthropic-version: 2023-06-01");
            var asked = upstream.next();
            assertThat(asked.line()).isEqualTo("POST /v1/chat/completions HTTP/1.1");
            assertThat(new JsonObject(asked.text()).getJsonObject("stream_options"))
                    .isEqualTo(new JsonObject().put("include_usage", true));
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.headers()).containsEntry("content-type", "text/event-stream");
            assertThat(answer.whole()).isTrue();
            assertThat(answer.text()
                            .lines()
                            .filter(line -> line.startsWith("event: "))
                            .map(line -> line.substring(7)))
                    .containsExactly(
                            "message_start",
                            "ping",
                            "content_block_start",
                            "content_block_delta",
                            "content_block_stop",
                            "content_block_start",
                            "content_block_delta",
                            "content_block_stop",
                            "message_delta",
                            "message_stop");
            assertThat(answer.text())
                    .contains(
                            "\"text\":\"Grüße\"",
                            "\"stop_reason\":\"tool_use\"",
                            "\"input_tokens\":12",
                            "\"output_tokens\":5");
        }
    }

    @Test
    void aStreamThatBreaksOffEndsInTheClientsWords() throws Exception {
        try (var upstream = TestingUpstream.start((_, connection) -> {
                    connection.events();
                    connection.chunk(chunk("{\"content\":\"Hi\"}", "null"));
                    connection.lastChunk();
                });
                var gateway = Served.start(dir, speaking("chat", upstream))) {
            var answer = TestingClient.post(
                    gateway.port(), "/v1/messages", "{\"model\":\"claude-local\",\"stream\":true," + HELLO + "}");
            assertThat(answer.whole()).isFalse();
            assertThat(answer.text())
                    .contains("event: error\ndata: {\"type\":\"error\"")
                    .doesNotContain("message_stop");
        }
    }

    @Test
    void chatOverAnEndpointOfMessages() throws Exception {
        try (var upstream = TestingUpstream.start(
                        (_, connection) -> connection.json(
                                "{\"type\":\"message\",\"role\":\"assistant\",\"content\":[{\"type\":\"text\",\"text\":\"Hi\"}],\"stop_reason\":\"end_turn\",\"usage\":{\"input_tokens\":3,\"output_tokens\":2}}"));
                var gateway = Served.start(dir, speaking("messages", upstream))) {
            var answer = TestingClient.post(
                    gateway.port(), "/v1/chat/completions", "{\"model\":\"claude-local\"," + HELLO + "}");
            var asked = upstream.next();
            assertThat(asked.line()).isEqualTo("POST /v1/messages HTTP/1.1");
            assertThat(asked.headers()).containsKey("anthropic-version");
            assertThat(new JsonObject(asked.text()).getInteger("max_tokens")).isEqualTo(8192);
            var body = new JsonObject(answer.text());
            assertThat(body.getJsonArray("choices")
                            .getJsonObject(0)
                            .getJsonObject("message")
                            .getString("content"))
                    .isEqualTo("Hi");
            assertThat(body.getJsonObject("usage").getInteger("prompt_tokens")).isEqualTo(3);
        }
    }

    @Test
    void anAnswerIsKeptWithinTheWindowThatThePromptLeaves() throws Exception {
        try (var upstream = TestingUpstream.start((_, connection) -> connection.json(
                        "{\"choices\":[{\"message\":{\"content\":\"Hi\"},\"finish_reason\":\"stop\"}]}"));
                var gateway = Served.start(dir, speaking("chat", upstream).put("contextWindow", 2048))) {
            for (int asked : new int[] {100, 32_000}) {
                TestingClient.post(
                        gateway.port(),
                        "/v1/messages",
                        "{\"model\":\"claude-local\",\"max_tokens\":" + asked + "," + HELLO + "}");
                int sent = new JsonObject(upstream.next().text()).getInteger("max_tokens");
                assertThat(sent).isBetween(asked == 100 ? 100 : 1950, asked == 100 ? 100 : 2040);
            }
        }
    }

    @Test
    void whatTheEndpointRefusesIsSaidInTheClientsWords() throws Exception {
        String overloaded = "{\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":\"Overloaded\"}}";
        try (var upstream = TestingUpstream.start((_, connection) ->
                        connection.send("HTTP/1.1 529 Overloaded\r\nRetry-After: 3\r\nContent-Length: "
                                + overloaded.length() + "\r\n\r\n" + overloaded));
                var gateway = Served.start(dir, speaking("messages", upstream))) {
            var answer = TestingClient.post(
                    gateway.port(), "/v1/chat/completions", "{\"model\":\"claude-local\"," + HELLO + "}");
            assertThat(answer.headers()).containsEntry("retry-after", "3");
            assertThat(new JsonObject(answer.text()).getJsonObject("error").getString("message"))
                    .contains("Overloaded");
        }
    }

    @Test
    void threadsAreRefusedAndTokensCountedWithoutAskingTheEndpoint() throws Exception {
        try (var upstream = TestingUpstream.start((_, connection) -> connection.json("{}"))) {
            for (String api : List.of("chat", "messages")) {
                try (var gateway = Served.start(dir, speaking(api, upstream))) {
                    var refused = TestingClient.post(
                            gateway.port(),
                            "/v1/messages",
                            "{\"model\":\"claude-local\",\"thread\":{\"type\":\"create\"}," + HELLO + "}",
                            "anthropic-beta: message-threads-2026-08-12");
                    assertThat(refused.status()).isEqualTo(400);
                    assertThat(new JsonObject(refused.text())
                                    .getJsonObject("error")
                                    .getJsonObject("details")
                                    .getString("error_code"))
                            .isEqualTo("thread_unsupported_request");
                    var counted = TestingClient.post(
                            gateway.port(), "/v1/messages/count_tokens", "{\"model\":\"claude-local\"," + HELLO + "}");
                    assertThat(counted.status()).isEqualTo(200);
                    assertThat(new JsonObject(counted.text()).getInteger("input_tokens"))
                            .isBetween(8, 12);
                }
            }
            assertThat(upstream.waiting()).isZero();
        }
    }
}
