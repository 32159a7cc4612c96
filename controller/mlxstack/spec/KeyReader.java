package mlxstack.spec;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads {@code spec.gateway.keys}. Confined to one parse.
 *
 * @param complexity whose levels a floor may be named by; null when there is none
 */
record KeyReader(Values values, @Nullable Complexity complexity) {

    List<ClientKey> keys(Cursor at) {
        return at.items().stream().map(this::key).toList();
    }

    private ClientKey key(Cursor at) {
        var secret = values.secret(at.field("secret"));
        var limits = at.field("limits");
        return new ClientKey(
                at.field("name").text(""),
                // The schema refuses a key without one.
                secret == null ? new EnvValue.FromEnv("") : secret,
                at.field("allow").texts(),
                limits.field("requestsPerMinute").integer(0),
                limits.field("tokensPerMinute").integer(0),
                BudgetReader.read(at),
                ComplexityReader.floor(at.field("floor").text(), complexity),
                values.textMap(at.field("context")));
    }
}
