package mlxstack.spec;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The gateway and the providers as the stack file would write them, every default filled in; secrets stay references.
 * Reads back as the same. Values are texts, numbers, booleans, lists and maps. Stateless.
 */
public final class GatewayView {

    private GatewayView() {}

    public static Map<String, Object> of(Gateway gateway) {
        var view = new LinkedHashMap<String, Object>();
        view.put("engine", word(gateway.engine()));
        view.put("listen", Listen.render(gateway.host(), gateway.port()));
        view.put("keys", gateway.keys().stream().map(GatewayView::key).toList());
        view.put("routes", gateway.routes().stream().map(GatewayView::route).toList());
        Complexity complexity = gateway.complexity();
        if (complexity != null) {
            view.put("complexity", complexity(complexity));
        }
        view.put("budgets", gateway.budgets().stream().map(GatewayView::budget).toList());
        if (gateway.usdPerMinute() != null) {
            view.put("limits", Map.of("usdPerMinute", gateway.usdPerMinute().toPlainString()));
        }
        kept(gateway.keeping(), view);
        view.put("accessLog", gateway.telemetry().accessLog());
        if (gateway.telemetry().traces() != null) {
            view.put("traces", Map.of("endpoint", gateway.telemetry().traces()));
        }
        return whole(view);
    }

    private static void kept(Keeping keeping, Map<String, Object> view) {
        var ledger = new LinkedHashMap<String, Object>();
        ledger.put("retentionDays", keeping.ledgerDays());
        ledger.put("maxSize", Quantities.render(keeping.ledgerBytes()));
        view.put("ledger", ledger);
        var responses = new LinkedHashMap<String, Object>();
        responses.put("keep", word(keeping.answers()));
        responses.put("retentionDays", keeping.answerDays());
        responses.put("maxSize", Quantities.render(keeping.answerBytes()));
        view.put("responses", responses);
    }

    public static Map<String, Object> of(Provider provider) {
        var view = new LinkedHashMap<String, Object>();
        view.put("name", provider.name());
        view.put("type", word(provider.type()));
        view.put("baseUrl", provider.baseUrl());
        if (provider.apiKey() != null) {
            view.put("apiKey", WorkloadView.value(provider.apiKey()));
        }
        view.put("models", provider.models().stream().map(GatewayView::model).toList());
        view.put("speaks", provider.speaks().stream().map(ModelApi::word).toList());
        view.put("timeout", timeouts(provider.timeouts()));
        view.put("budgets", provider.budgets().stream().map(GatewayView::budget).toList());
        return whole(view);
    }

    private static Map<String, Object> model(Provider.Model model) {
        var view = new LinkedHashMap<String, Object>();
        view.put("name", model.name());
        view.put("model", model.model());
        view.put("price", new TreeMap<>(model.price()));
        put(view, "contextWindow", model.contextWindow());
        return whole(view);
    }

    private static Map<String, Object> key(ClientKey key) {
        var view = new LinkedHashMap<String, Object>();
        view.put("name", key.name());
        view.put("secret", WorkloadView.value(key.secret()));
        view.put("allow", key.allow());
        var limits = new LinkedHashMap<String, Object>();
        put(limits, "requestsPerMinute", key.requestsPerMinute() == 0 ? null : key.requestsPerMinute());
        put(limits, "tokensPerMinute", key.tokensPerMinute() == 0 ? null : key.tokensPerMinute());
        view.put("limits", limits);
        view.put("budgets", key.budgets().stream().map(GatewayView::budget).toList());
        put(view, "floor", key.floor());
        view.put("context", new TreeMap<>(key.context()));
        return whole(view);
    }

    private static Map<String, Object> budget(Budget budget) {
        var view = new LinkedHashMap<String, Object>();
        put(view, "usd", budget.usd() == null ? null : budget.usd().toPlainString());
        put(view, "tokens", budget.tokens());
        view.put("window", word(budget.window()));
        view.put("rolling", budget.rolling());
        return view;
    }

    private static Map<String, Object> route(Route route) {
        var match = new LinkedHashMap<String, Object>();
        match.put("model", route.match().model());
        match.put("modelClass", route.match().modelClass());
        match.put("key", route.match().key());
        match.put("headers", new TreeMap<>(route.match().headers()));
        match.put("context", new TreeMap<>(route.match().context()));
        var view = new LinkedHashMap<String, Object>();
        view.put("name", route.name());
        view.put("match", whole(match));
        view.put("backends", route.backends().stream().map(GatewayView::target).toList());
        return whole(view);
    }

    private static Map<String, Object> target(Route.Target target) {
        var view = new LinkedHashMap<String, Object>();
        put(view, "endpoint", target.endpoint());
        put(view, "provider", target.provider());
        put(view, "model", target.model());
        view.put("timeout", timeouts(target.timeouts()));
        view.put("spill", Map.of("queueFull", target.spillQueueFull()));
        return view;
    }

    private static Map<String, Object> timeouts(Timeouts timeouts) {
        var view = new LinkedHashMap<String, Object>();
        view.put("connect", Durations.render(timeouts.connect()));
        view.put("firstToken", Durations.render(timeouts.firstToken()));
        view.put("idle", Durations.render(timeouts.idle()));
        view.put("total", Durations.render(timeouts.total()));
        return view;
    }

    private static Map<String, Object> complexity(Complexity complexity) {
        var view = new LinkedHashMap<String, Object>();
        view.put("mode", word(complexity.mode()));
        view.put("classifier", word(complexity.classifier()));
        view.put("model", complexity.model());
        var levels = new LinkedHashMap<String, Object>();
        for (String name : ComplexityReader.LEVELS) {
            var level = complexity.levels().get(name);
            if (level != null) {
                var one = new LinkedHashMap<String, Object>();
                one.put("model", level.model());
                put(one, "maxTokens", level.maxTokens());
                levels.put(name, one);
            }
        }
        view.put("levels", levels);
        var roles = new LinkedHashMap<String, Object>();
        new TreeMap<>(complexity.roles()).forEach((name, role) -> {
            var one = new LinkedHashMap<String, Object>();
            put(one, "level", role.level());
            put(one, "floor", role.floor());
            roles.put(name, one);
        });
        view.put("roles", roles);
        view.put("order", complexity.order());
        return whole(view);
    }

    /** Without what is empty. */
    private static Map<String, Object> whole(Map<String, Object> view) {
        view.values().removeIf(GatewayView::isEmpty);
        return view;
    }

    private static boolean isEmpty(Object value) {
        return switch (value) {
            case Map<?, ?> map -> map.isEmpty();
            case List<?> list -> list.isEmpty();
            default -> false;
        };
    }

    private static void put(Map<String, Object> view, String name, @Nullable Object value) {
        if (value != null) {
            view.put(name, value);
        }
    }

    private static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
