package mlxstack.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import mlxstack.ledger.Keys.Caller;
import mlxstack.wire.Dialect;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KeysTest {

    private final Keys keys = new Keys(true, Map.of("sk-hermes", "hermes", "sk-coder", "coder")::get);

    @ParameterizedTest
    @CsvSource({
        "Bearer sk-hermes, , hermes",
        "bearer   sk-coder  , , coder",
        ", sk-coder, coder",
        "Bearer sk-wrong, sk-hermes, hermes",
        "Bearer sk-hermes, sk-wrong, hermes",
        "Bearer sk-hermes, sk-coder, hermes"
    })
    void eitherHeaderWillDo(@Nullable String authorization, @Nullable String apiKey, String name) {
        assertThat(keys.caller(authorization, apiKey)).isEqualTo(new Caller.Holder(name));
    }

    @ParameterizedTest
    @CsvSource({
        ", , no API key",
        "'', '', no API key",
        "'Bearer ', , no API key",
        "Basic sk-hermes, , no API key",
        "Bearer sk-herme, , wrong API key",
        "Bearer sk-hermes1, , wrong API key",
        "Bearer SK-HERMES, , wrong API key",
        ", hermes, wrong API key",
        "'Bearer dc8b7cb0', , wrong API key"
    })
    void strangersAreToldInTheirDialect(@Nullable String authorization, @Nullable String apiKey, String message) {
        assertThat(keys.caller(authorization, apiKey)).isInstanceOfSatisfying(Caller.Stranger.class, stranger -> {
            var error = stranger.error();
            assertThat(error.status()).isEqualTo(401);
            assertThat(error.message()).startsWith(message).doesNotContain("sk-");
            assertThat(error.json(Dialect.CHAT)).contains("\"code\":\"invalid_api_key\"");
            assertThat(error.json(Dialect.MESSAGES)).contains("\"type\":\"authentication_error\"");
        });
    }

    @Test
    void withoutKeysEverybodyMayComeIn() {
        var open = new Keys(false, _ -> null);
        assertThat(open.caller(null, null)).isEqualTo(new Caller.Anybody());
        assertThat(open.caller("Bearer x", "y")).isEqualTo(new Caller.Anybody());
    }
}
