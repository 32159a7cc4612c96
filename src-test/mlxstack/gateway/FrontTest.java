package mlxstack.gateway;

import static mlxstack.gateway.Served.endpoint;
import static mlxstack.gateway.Served.ready;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

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
    @ValueSource(
            strings = {
                "Host: evil.example",
                "Host: 127.0.0.1.evil.example",
                "Host: localhost.evil.example:4000",
                "Host: evil.example:4000",
                "Host: 127.0.0.1@evil.example",
                "Host: 192.168.1.5:4000",
                "Host: 0.0.0.0:4000",
                "Host: 0177.0.0.1",
                "Host: 2130706433",
                "Host: [::ffff:7f00:1]:4000",
                "Host: ",
                "Origin: http://evil.example",
                "Origin: null",
                "Origin: https://127.0.0.1.evil.example",
                "Origin: http://localhost:3000",
                "Origin: chrome-extension://abc",
                "Sec-Fetch-Site: cross-site",
                "Sec-Fetch-Site: same-site",
            })
    void noWebPageMayUseIt(String header) throws Exception {
        try (var upstream = TestingUpstream.start((request, connection) -> connection.json("{}"));
                var gateway = Served.start(dir, ready("fast", upstream.port()))) {
            for (var method : new String[] {"GET /v1/models", "POST " + CHAT, "GET /health", "OPTIONS " + CHAT}) {
                var words = method.split(" ");
                var answer = TestingClient.call(
                        gateway.port(), words[0], words[1], words[0].equals("POST") ? FAST : "", header);
                assertThat(answer.status()).as(method).isIn(400, 403);
                assertThat(answer.headers().keySet()).noneMatch(name -> name.startsWith("access-control"));
            }
            assertThat(upstream.waiting()).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Host: localhost",
                "Host: LOCALHOST:4000",
                "Host: 127.0.0.1",
                "Host: [::1]:4000",
                "Host: 127.1.2.3:1"
            })
    void aNameOfThisMachineIsAHost(String header) throws Exception {
        try (var gateway = Served.start(dir, ready("fast", 9))) {
            assertThat(TestingClient.get(gateway.port(), "/v1/models", header).status())
                    .isEqualTo(200);
        }
    }

    @Test
    void refusesAPreflight() throws Exception {
        try (var gateway = Served.start(dir, ready("fast", 9))) {
            assertThat(TestingClient.call(gateway.port(), "OPTIONS", CHAT, "").status())
                    .isEqualTo(403);
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
    void aNewFileIsInForceForTheVeryNextRequestAndTheOldOneForThoseUnderWay() throws Exception {
        var go = new CountDownLatch(1);
        try (var old = TestingUpstream.start((request, connection) -> {
                    connection.events();
                    connection.chunk("data: 1\n\n");
                    if (go.await(20, TimeUnit.SECONDS)) {
                        connection.chunk("data: [DONE]\n\n");
                        connection.lastChunk();
                    }
                });
                var other = TestingUpstream.start((request, connection) -> connection.json("{}"));
                var gateway = Served.start(dir, ready("fast", old.port()));
                var client = new TestingClient(gateway.port())) {
            client.send("POST", CHAT, FAST);
            client.head();
            String before = gateway.health().getString("config");
            gateway.reload(ready("fast", other.port()), ready("more", other.port()));
            assertThat(TestingClient.post(gateway.port(), CHAT, "{\"model\":\"more\"}")
                            .status())
                    .isEqualTo(200);
            assertThat(TestingClient.post(gateway.port(), CHAT, FAST).status()).isEqualTo(200);
            var health = gateway.health();
            assertThat(health.getString("config"))
                    .isNotEqualTo(before)
                    .isEqualTo(ConfigReader.digest(Files.readAllBytes(gateway.file())));
            assertThat(health.getInteger("running")).isEqualTo(1);
            go.countDown();
            client.chunk();
            assertThat(new String(client.chunk(), StandardCharsets.UTF_8)).isEqualTo("data: [DONE]\n\n");
            assertThat(client.chunk()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "{\"version\":2}", "{\"version\":1,\"listen\":[]}"})
    void aFileThatCannotBeUsedLeavesTheLastGoodOneInForceAndSaysSo(String broken) throws Exception {
        try (var upstream = TestingUpstream.start((request, connection) -> connection.json("{}"));
                var gateway = Served.start(dir, ready("fast", upstream.port()))) {
            String before = gateway.health().getString("config");
            Served.replace(gateway.file(), broken.getBytes(StandardCharsets.UTF_8));
            assertThat(TestingClient.post(gateway.port(), CHAT, FAST).status()).isEqualTo(200);
            assertThat(gateway.health().getString("config")).isEqualTo(before);
            assertThat(gateway.health().getString("problem")).contains("found");
            Files.delete(gateway.file());
            assertThat(gateway.health().getString("problem")).isEqualTo("the file is gone");
            gateway.reload(ready("fast", upstream.port()));
            assertThat(gateway.health().getString("config")).isEqualTo(before);
            assertThat(gateway.health().getString("problem")).isNull();
        }
    }

    @Test
    void bodiesHaveALimitOneByOneAndTogether() throws Exception {
        var release = new CountDownLatch(1);
        try (var upstream = TestingUpstream.start((request, connection) -> {
                    if (release.await(20, TimeUnit.SECONDS)) {
                        connection.json("{}");
                    }
                });
                var gateway = Served.start(dir, new Intake(1 << 20, 3 << 19), ready("fast", upstream.port()));
                var client = new TestingClient(gateway.port())) {
            var large = "{\"model\":\"fast\",\"x\":\"" + "y".repeat(1 << 20) + "\"}";
            var refused = TestingClient.post(gateway.port(), CHAT, large);
            assertThat(refused.status()).isEqualTo(413);
            assertThat(refused.text()).contains("at most 1 MiB");
            var allowed = large.substring(0, 1 << 19) + "\"}";
            client.send("POST", CHAT, allowed + " ".repeat(1 << 18));
            upstream.next();
            var busy = TestingClient.post(gateway.port(), CHAT, allowed + " ".repeat(1 << 18));
            assertThat(busy.status()).isEqualTo(503);
            assertThat(busy.headers()).containsEntry("retry-after", "1");
            release.countDown();
            assertThat(client.answer().status()).isEqualTo(200);
            assertThat(TestingClient.post(gateway.port(), CHAT, allowed).status())
                    .isEqualTo(200);
        }
    }

    @Test
    void drainsByLettingRequestsUnderWayEndAndTakingNoMore() throws Exception {
        var go = new CountDownLatch(1);
        var problem = new AtomicReference<Exception>();
        try (var upstream = TestingUpstream.start((request, connection) -> {
            connection.events();
            connection.chunk("data: 1\n\n");
            if (go.await(20, TimeUnit.SECONDS)) {
                connection.chunk("data: [DONE]\n\n");
                connection.lastChunk();
            }
        })) {
            var gateway = Served.start(dir, ready("fast", upstream.port()));
            try (var idle = new TestingClient(gateway.port());
                    var client = new TestingClient(gateway.port())) {
                idle.send("GET", "/health", "");
                assertThat(idle.answer().status()).isEqualTo(200);
                client.send("POST", CHAT, FAST);
                client.head();
                client.chunk();
                var draining = Thread.ofPlatform().start(() -> {
                    try {
                        gateway.gateway().drain(Duration.ofSeconds(20));
                    } catch (Exception e) {
                        problem.set(e);
                    }
                });
                assertThat(idle.closed())
                        .as("idle connections are closed at once")
                        .isTrue();
                go.countDown();
                assertThat(new String(client.chunk(), StandardCharsets.UTF_8)).isEqualTo("data: [DONE]\n\n");
                assertThat(client.chunk()).isEmpty();
                draining.join();
            }
            assertThat(problem.get()).isNull();
        }
    }
}
