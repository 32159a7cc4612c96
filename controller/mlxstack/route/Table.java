package mlxstack.route;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import mlxstack.spec.Budget;
import mlxstack.spec.ClientKey;
import mlxstack.spec.Complexity;
import mlxstack.spec.Keeping;
import mlxstack.spec.Route;
import mlxstack.spec.Telemetry;
import org.jspecify.annotations.Nullable;

/**
 * All that the gateway goes by. Immutable; a new configuration is a new table, and a request keeps the one it began with.
 *
 * @param digest of the bytes it was read from, SHA-256 in hex
 * @param host loopback address or {@code localhost}, without brackets
 * @param byName every name a client may use, in the file's order; the backend whose own name it is comes first
 * @param keys empty: everybody may use everything
 * @param complexity null: off
 * @param budgets of the whole stack
 * @param providerBudgets by the provider's name; what stands before the slash in a backend's id
 * @param usdPerMinute at which nothing more is bought; null: no limit
 * @param keeping what is kept on disk
 * @param telemetry what is told of requests
 * @param policy a short digest of all but the backends, for records of decisions; empty when it was not read from a file
 */
public record Table(
        String digest,
        String host,
        int port,
        List<Backend> backends,
        SequencedMap<String, List<Backend>> byName,
        List<Route> routes,
        List<ClientKey> keys,
        @Nullable Complexity complexity,
        List<Budget> budgets,
        Map<String, List<Budget>> providerBudgets,
        @Nullable BigDecimal usdPerMinute,
        Keeping keeping,
        String policy,
        Telemetry telemetry) {

    public Table {
        backends = List.copyOf(backends);
        routes = List.copyOf(routes);
        keys = List.copyOf(keys);
        budgets = List.copyOf(budgets);
        providerBudgets = Map.copyOf(providerBudgets);
    }

    /** Without budgets but those of keys. */
    public static Table of(
            String digest,
            String host,
            int port,
            List<Backend> backends,
            List<Route> routes,
            List<ClientKey> keys,
            @Nullable Complexity complexity) {
        return of(digest, host, port, backends, routes, keys, complexity, List.of(), Map.of());
    }

    public static Table of(
            String digest,
            String host,
            int port,
            List<Backend> backends,
            List<Route> routes,
            List<ClientKey> keys,
            @Nullable Complexity complexity,
            List<Budget> budgets,
            Map<String, List<Budget>> providerBudgets) {
        var byName = new LinkedHashMap<String, List<Backend>>();
        for (Backend backend : backends) {
            for (String name : backend.names()) {
                byName.computeIfAbsent(name, _ -> new ArrayList<>()).add(backend);
            }
        }
        for (Map.Entry<String, List<Backend>> entry : byName.entrySet()) {
            // Somebody may have called an endpoint what another one's model is called.
            entry.getValue()
                    .sort(Comparator.comparing(
                            backend -> backend.id().equals(entry.getKey()), Comparator.reverseOrder()));
        }
        return new Table(
                digest,
                host,
                port,
                backends,
                byName,
                routes,
                keys,
                complexity,
                budgets,
                providerBudgets,
                null,
                Keeping.DEFAULT,
                "",
                Telemetry.DEFAULT);
    }

    /** The same with what a file says beside. */
    public Table under(String name, @Nullable BigDecimal usd, Keeping kept) {
        return new Table(
                digest,
                host,
                port,
                backends,
                byName,
                routes,
                keys,
                complexity,
                budgets,
                providerBudgets,
                usd,
                kept,
                name,
                telemetry);
    }

    /** The same, telling this of requests. */
    public Table telling(Telemetry other) {
        return new Table(
                digest,
                host,
                port,
                backends,
                byName,
                routes,
                keys,
                complexity,
                budgets,
                providerBudgets,
                usdPerMinute,
                keeping,
                policy,
                other);
    }
}
