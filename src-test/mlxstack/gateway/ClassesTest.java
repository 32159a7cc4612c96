package mlxstack.gateway;

import static mlxstack.gateway.Served.ready;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import mlxstack.ledger.Books;
import mlxstack.ledger.Decided;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Requests that name a class of models in place of a model, as MLX Router's agents do. */
class ClassesTest {

    private static final String ROUTER = "/v1/chat";

    @TempDir
    Path dir;

    private static TestingUpstream upstream() throws Exception {
        return TestingUpstream.start((request, connection) -> {
            if (request.text().contains("\"stream\":true")) {
                connection.events();
                connection.chunk("data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"hi\"}}]}\n\n");
                connection.chunk(
                        "data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n");
                connection.lastChunk();
            } else {
                connection.json("{\"choices\":[{\"message\":{\"content\":\"hi\"},\"finish_reason\":\"stop\"}],"
                        + "\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":1}}");
            }
        });
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                // MLX Router's own path.
                "/v1/chat | {'model_class':'code','prompt':'x'}"
                        + " | {'model':'qwen','messages':[{'role':'user','content':'x'}]}",
                "/v1/chat | {'messages':[{'role':'user','content':'x'}],'model_class':'code','agent_id':'a'}"
                        + " | {'model':'qwen','messages':[{'role':'user','content':'x'}],'agent_id':'a'}",
                "/v1/chat | {'model':'','model_class':'code','prompt':'x'}"
                        + " | {'model':'qwen','messages':[{'role':'user','content':'x'}]}",
                "/v1/chat | {'model':'coder','model_class':'audit','prompt':'x'}"
                        + " | {'model':'qwen','messages':[{'role':'user','content':'x'}]}",
                // Everybody's: all other bytes stay.
                "/v1/chat/completions | {'model_class' : 'code', 'messages':[],'x':1}"
                        + " | {'model':'qwen', 'messages':[],'x':1}",
                "/v1/chat/completions | {'messages':[ ], 'model_class':'code','model':''}"
                        + " | {'messages':[ ], 'model_class':'code','model':'qwen'}",
                // Two system messages are made one.
                "/v1/chat/completions | {'messages':[{'role':'developer','content':'x'}],'model_class':'code'}"
                        + " | {'messages':[{'role':'system','content':'x'}],'model':'qwen'}",
                "/v1/completions | {'model_class':'code','prompt':'é'} | {'model':'qwen','prompt':'é'}",
                "/v1/embeddings | {'input':'x','model_class':'code'} | {'input':'x','model':'qwen'}",
            })
    void aClassIsAnsweredByItsBackend(String path, String body, String expected) throws Exception {
        try (var upstream = upstream();
                var gateway = Served.start(
                        dir,
                        ready("other", 1),
                        ready("coder", upstream.port())
                                .put("upstreamModel", "qwen")
                                .put("modelClass", "code"))) {
            var answer = TestingClient.post(gateway.port(), path, body.replace('\'', '"'));
            assertThat(answer.status()).as(answer.text()).isEqualTo(200);
            assertThat(answer.headers()).containsEntry("x-mlxstack-endpoint", "coder");
            assertThat(upstream.next().text()).isEqualTo(expected.replace('\'', '"'));
        }
    }

    @Test
    void theAnswerIsMlxRoutersAndTheClassIsInTheLedger() throws Exception {
        try (var upstream = upstream();
                var gateway = Served.start(dir, ready("coder", upstream.port()).put("modelClass", "code"))) {
            var answer = TestingClient.post(gateway.port(), ROUTER, "{\"model_class\":\"code\",\"prompt\":\"x\"}");
            assertThat(answer.status()).isEqualTo(200);
            assertThat(new JsonObject(answer.text()))
                    .contains(
                            java.util.Map.entry("content", "hi"),
                            java.util.Map.entry("model_class", "code"),
                            java.util.Map.entry("backend", "coder"));
            // A server without a name of its own for its model is told its endpoint's.
            assertThat(upstream.next().text()).contains("\"model\":\"coder\"");
            var stream = TestingClient.post(
                    gateway.port(), ROUTER, "{\"model_class\":\"code\",\"prompt\":\"x\",\"stream\":true}");
            assertThat(stream.text()).contains("\"content\":\"hi\"").endsWith("data: [DONE]\n\n");
        }
        try (var books = Objects.requireNonNull(Books.open(dir.resolve("ledger.db")))) {
            assertThat(books.decisions(Instant.EPOCH, 9))
                    .extracting(Decided::model, Decided::reasons, Decided::tokensIn)
                    .first()
                    .isEqualTo(org.assertj.core.groups.Tuple.tuple("code", "class:code", 3L));
        }
    }

    @Test
    void aRouteOfAClassFallsFromTierToTier() throws Exception {
        var timeouts = new JsonObject()
                .put("connect", 2000)
                .put("firstToken", 120_000)
                .put("idle", 60_000)
                .put("total", 0);
        var backends = new JsonArray();
        for (String tier : List.of("gone", "second")) {
            backends.add(new JsonObject()
                    .put("endpoint", tier)
                    .put("timeouts", timeouts)
                    .put("spillQueueFull", false));
        }
        var route = new JsonObject()
                .put("name", "audits")
                .put("match", new JsonObject().put("modelClass", new JsonArray().add("audit")))
                .put("backends", backends);
        try (var gone = TestingUpstream.start((request, connection) -> connection.reset());
                var second = upstream();
                var gateway = Served.start(dir)) {
            gateway.reload(new JsonArray().add(route), ready("gone", gone.port()), ready("second", second.port()));
            var answer = TestingClient.post(gateway.port(), ROUTER, "{\"model_class\":\"audit\",\"prompt\":\"x\"}");
            assertThat(new JsonObject(answer.text()).getString("backend")).isEqualTo("second");
            assertThat(answer.headers()).containsEntry("x-mlxstack-hops", "2");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'model_class':'reason','prompt':'x'} | 404 | model_not_found",
                "{'prompt':'x'} | 400 | found no \\\"model\\\"",
                "{'model_class':'','prompt':'x'} | 400 | found no \\\"model\\\"",
                "{'model_class':7,'prompt':'x'} | 400 | \\\"model_class\\\" that is not a string",
                "{'model_class':'code'} | 400 | prompt",
            })
    void whatNamesNobodyIsRefused(String body, int status, String text) throws Exception {
        try (var upstream = upstream();
                var gateway = Served.start(dir, ready("coder", upstream.port()).put("modelClass", "code"))) {
            var answer = TestingClient.post(gateway.port(), ROUTER, body.replace('\'', '"'));
            assertThat(answer.status()).isEqualTo(status);
            assertThat(answer.text()).contains(text);
            assertThat(TestingClient.get(gateway.port(), ROUTER).status()).isEqualTo(405);
        }
    }
}
