package mlxstack.spec;

import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The one address of all models.
 *
 * @param keys empty: whoever reaches the address may use everything
 * @param routes in list order, those made of Hermes' {@code platforms} and {@code by_source} last
 * @param complexity null: off, and nothing is written of it
 * @param budgets of the whole stack
 * @param usdPerMinute at which nothing more is bought; null: no limit
 */
public record Gateway(
        Engine engine,
        String host,
        int port,
        List<ClientKey> keys,
        List<Route> routes,
        @Nullable Complexity complexity,
        List<Budget> budgets,
        @Nullable BigDecimal usdPerMinute,
        Keeping keeping,
        Telemetry telemetry) {

    public Gateway {
        keys = List.copyOf(keys);
        routes = List.copyOf(routes);
        budgets = List.copyOf(budgets);
    }

    /** One that keeps and tells what is usual. */
    public Gateway(
            Engine engine,
            String host,
            int port,
            List<ClientKey> keys,
            List<Route> routes,
            @Nullable Complexity complexity,
            List<Budget> budgets) {
        this(engine, host, port, keys, routes, complexity, budgets, null, Keeping.DEFAULT, Telemetry.DEFAULT);
    }

    /** One that takes everybody to the model they name. */
    public Gateway(Engine engine, String host, int port) {
        this(engine, host, port, List.of(), List.of(), null, List.of());
    }

    public enum Engine {
        BUILTIN,
        LITELLM,
        NONE
    }
}
