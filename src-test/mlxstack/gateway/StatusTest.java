package mlxstack.gateway;

import static mlxstack.gateway.Served.endpoint;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the gateway says of itself to whoever watches it. */
class StatusTest {

    @TempDir
    Path dir;

    private static JsonObject[] backends(String availabilities) {
        var names = new String[] {"a", "b", "c"};
        var words = Arrays.stream(availabilities.split(" ", -1))
                .filter(word -> !word.equals("none"))
                .toList();
        var all = new JsonObject[words.size()];
        Arrays.setAll(all, i -> endpoint(names[i], 9, words.get(i)));
        return all;
    }

    @ParameterizedTest
    @CsvSource({
        "ready ready,ok,200",
        "ready stopped,ok,200",
        "ready starting,degraded,200",
        "unavailable ready draining,degraded,200",
        "starting unavailable,down,503",
        "stopped,ok,503",
        "none,ok,503"
    })
    void itsWordIsThatOfItsBackends(String availabilities, String status, int ready) throws Exception {
        try (var gateway = Served.start(dir, backends(availabilities))) {
            assertThat(gateway.health().getString("status")).isEqualTo(status);
            for (String path : new String[] {"/readyz", "/health/ready", "/health/readiness"}) {
                assertThat(TestingClient.get(gateway.port(), path).status())
                        .as(path)
                        .isEqualTo(ready);
            }
            for (String path :
                    new String[] {"/livez", "/healthz", "/health/live", "/health/liveness", "/health/liveliness"}) {
                var answer = TestingClient.get(gateway.port(), path);
                assertThat(answer.status()).as(path).isEqualTo(200);
                assertThat(answer.text()).isEqualTo("{\"status\":\"ok\"}");
            }
        }
    }

    @Test
    void eachBackendWithItsStateAndBreaker() throws Exception {
        try (var dead = TestingUpstream.start((request, connection) -> connection.reset());
                var gateway = Served.start(
                        dir,
                        endpoint("a", dead.port(), "ready", "m")
                                .put("modelClass", "code")
                                .put("concurrency", 2),
                        endpoint("b", 9, "stopped"))) {
            for (int i = 0; i < 3; i++) {
                TestingClient.post(gateway.port(), "/v1/chat/completions", "{\"model\":\"a\"}");
            }
            var backends = gateway.health().getJsonObject("backends");
            assertThat(backends.getJsonObject("a").getMap())
                    .containsEntry("healthy", false)
                    .containsEntry("state", "ready")
                    .containsEntry("breaker", "open")
                    .containsEntry("model_class", "code")
                    .containsEntry("concurrency", 2)
                    .containsEntry("running", 0);
            assertThat(backends.getJsonObject("b").getMap())
                    .containsEntry("healthy", false)
                    .containsEntry("state", "stopped")
                    .containsEntry("breaker", "closed");
            assertThat(gateway.health().getString("status")).isEqualTo("down");
            var metrics = Exposition.read(
                    TestingClient.get(gateway.port(), "/metrics").text());
            assertThat(metrics.value("mlxstack_gateway_breaker_state", "backend=a", "state=open"))
                    .isEqualTo(1);
            assertThat(metrics.value("mlxstack_gateway_backend_state", "backend=b", "state=stopped"))
                    .isEqualTo(1);
        }
    }

    @Test
    void watchersNeedNoKeyAndWebPagesStayOut() throws Exception {
        try (var gateway = Served.start(dir, endpoint("a", 9, "ready"))) {
            for (String path : new String[] {"/metrics", "/health", "/livez", "/readyz"}) {
                assertThat(TestingClient.get(gateway.port(), path, "Authorization: Bearer nobodys")
                                .status())
                        .isEqualTo(200);
                assertThat(TestingClient.get(gateway.port(), path, "Origin: http://localhost")
                                .status())
                        .isEqualTo(403);
                assertThat(TestingClient.post(gateway.port(), path, "{}").status())
                        .isEqualTo(405);
            }
        }
    }
}
