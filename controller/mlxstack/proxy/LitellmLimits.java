package mlxstack.proxy;

import java.util.ArrayList;
import java.util.List;
import mlxstack.reconcile.Effect;
import mlxstack.spec.ClientKey;
import mlxstack.spec.Complexity;
import mlxstack.spec.Gateway;
import mlxstack.spec.Route;
import mlxstack.spec.Timeouts;

/** What of a stack file goes unheeded while LiteLLM stands between our front and the models. Stateless. */
final class LitellmLimits {

    private LitellmLimits() {}

    /** A sentence each, for people; in the file's order. */
    static List<String> of(Effect.WriteGatewayConfig table) {
        var limits = new ArrayList<String>();
        for (Effect.Backend backend : table.backends()) {
            if (backend.concurrency() != null) {
                limits.add("endpoint %s: concurrency and queue are not kept; LiteLLM sends it whatever comes"
                        .formatted(backend.endpoint()));
            }
        }
        for (var provider : table.providers()) {
            if (!provider.budgets().isEmpty()) {
                limits.add("provider %s: its budget is not kept; give the budget to keys or to the gateway"
                        .formatted(provider.name()));
            }
        }
        table.gateway().routes().forEach(route -> route(route, limits));
        keys(table.gateway(), limits);
        var complexity = table.gateway().complexity();
        if (complexity != null && complexity.mode() != Complexity.Mode.OFF) {
            complexity(complexity, limits);
        }
        return List.copyOf(limits);
    }

    private static void route(Route route, List<String> limits) {
        for (Route.Target target : route.backends()) {
            if (target.spillQueueFull()) {
                limits.add("route %s: spill has no meaning, for there are no queues".formatted(route.name()));
            }
            var timeouts = target.timeouts();
            if (!timeouts.connect().equals(Timeouts.DEFAULT.connect())
                    || !timeouts.idle().equals(Timeouts.DEFAULT.idle())) {
                limits.add("route %s: of its timeouts only firstToken (in streams) and total are kept"
                        .formatted(route.name()));
                return;
            }
        }
    }

    private static void keys(Gateway gateway, List<String> limits) {
        boolean leads =
                gateway.routes().stream().anyMatch(route -> !route.backends().isEmpty());
        for (ClientKey key : gateway.keys()) {
            if (!key.allow().isEmpty() && leads) {
                limits.add(
                        "key %s: allow holds for the names asked for; where a route leads is not looked at, and a model that only a route knows must be in allow itself"
                                .formatted(key.name()));
            }
            if (key.floor() != null) {
                limits.add("key %s: floor is not kept".formatted(key.name()));
            }
        }
    }

    private static void complexity(Complexity complexity, List<String> limits) {
        if (complexity.mode() == Complexity.Mode.SHADOW) {
            limits.add("complexity: there is no shadow; requests for %s get the standard level"
                    .formatted(complexity.model()));
            return;
        }
        if (complexity.classifier() == Complexity.Classifier.DECLARED) {
            limits.add("complexity: declared signals are not read; LiteLLM goes by the text of the last user message");
        }
        if (!complexity.roles().isEmpty()) {
            limits.add("complexity: roles are not kept");
        }
        if (complexity.levels().containsKey("trivial")) {
            limits.add("complexity: nothing is trivial to LiteLLM; its lowest tier gets the level simple");
        }
        if (complexity.levels().values().stream().anyMatch(level -> level.maxTokens() != null)) {
            limits.add("complexity: maxTokens is not kept");
        }
    }
}
