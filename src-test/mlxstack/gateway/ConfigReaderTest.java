package mlxstack.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import mlxstack.route.Backend;
import mlxstack.route.Table;
import mlxstack.spec.Telemetry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigReaderTest {

    private static Table read(String text) throws BadConfig {
        return ConfigReader.read(text.getBytes(StandardCharsets.UTF_8)).table();
    }

    @Test
    void readsATable() throws Exception {
        var table = ConfigReader.read(Served.table(
                        4000,
                        Served.endpoint("fast", 8000, "starting", "org/m").put("upstreamModel", "/m"),
                        Served.ready("deep", 8001).put("later", "fields are for later releases")))
                .table();
        assertThat(table.port()).isEqualTo(4000);
        assertThat(table.host()).isEqualTo("127.0.0.1");
        assertThat(table.byName().keySet()).containsExactly("fast", "org/m", "deep");
        assertThat(table.backends().getFirst().upstreamModel()).isEqualTo("/m");
        assertThat(table.telemetry()).isEqualTo(Telemetry.DEFAULT);
    }

    @Test
    void whatIsToldBesideMetrics() throws Exception {
        var written = new JsonObject(new String(Served.table(1), StandardCharsets.UTF_8))
                .put("telemetry", new JsonObject().put("accessLog", false).put("traces", "https://otel.local/x"));
        assertThat(read(written.encode()).telemetry()).isEqualTo(new Telemetry(false, "https://otel.local/x"));
        written.getJsonObject("telemetry").put("traces", "otel:4318");
        assertThatThrownBy(() -> read(written.encode())).hasMessageContaining("found telemetry.traces otel:4318");
    }

    @Test
    void anEndpointsOwnNameGoesBeforeAModelOfThatName() throws Exception {
        var table = ConfigReader.read(
                        Served.table(1, Served.endpoint("a", 8000, "ready", "b"), Served.ready("b", 8001)))
                .table();
        assertThat(table.byName().get("b")).extracting(Backend::id).containsExactly("b", "a");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "[] | found no JSON object",
                "{} | found no version, expected a whole number",
                "{\"version\":1.5} | found version that is not a whole number",
                "{\"version\":1} | found version 1, expected 2",
                "{\"version\":2,\"listen\":{\"host\":\"0.0.0.0\",\"port\":1},\"backends\":[]} | expected a loopback address",
                "{\"version\":2,\"listen\":{\"host\":\"::1\",\"port\":65536},\"backends\":[]} | found listen.port 65536, expected 0 to 65535",
                "{\"version\":2,\"listen\":{\"host\":\"::1\",\"port\":1}} | found no backends, expected a list",
                "{\"version\":2,\"listen\":{\"host\":\"::1\",\"port\":1},\"backends\":[3]} | found backends[0] that is not an object",
            })
    void saysWhatItFoundAndExpected(String text, String message) {
        assertThatThrownBy(() -> read(text)).isInstanceOf(BadConfig.class).hasMessageContaining(message);
    }

    @ParameterizedTest
    @CsvSource({
        "id,3,a text",
        "names,x,a list",
        "speaks,x,a list",
        "base,3,a text",
        "maxWait,x,a whole number",
        "availability,3,a text",
        "price,x,an object",
        "timeouts,x,an object"
    })
    void isStrictAboutEndpoints(String field, String wrong, String expected) {
        Object value = wrong.equals("3") ? (Object) 3 : wrong;
        JsonObject endpoint = Served.ready("fast", 8000).put(field, value);
        assertThatThrownBy(() -> ConfigReader.read(Served.table(1, endpoint)))
                .isInstanceOf(BadConfig.class)
                .hasMessage("found backends[0].%s that is not %s", field, expected);
    }

    @Test
    void knowsItsWordsOfAvailability() {
        assertThatThrownBy(() -> ConfigReader.read(Served.table(1, Served.endpoint("fast", 1, "asleep"))))
                .hasMessage(
                        "found backends[0].availability asleep, expected one of ready, starting, draining, unavailable, stopped");
    }
}
