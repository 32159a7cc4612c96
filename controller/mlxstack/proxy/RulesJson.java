package mlxstack.proxy;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import mlxstack.spec.Budget;
import mlxstack.spec.ClientKey;
import mlxstack.spec.Complexity;
import mlxstack.spec.EnvValue;
import mlxstack.spec.Gateway;
import mlxstack.spec.Keeping;
import mlxstack.spec.Route;
import mlxstack.spec.Timeouts;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Routes, keys, complexity and budgets as JSON; what has no order is written sorted. Stateless. */
final class RulesJson {

    private RulesJson() {}

    static void routes(ArrayNode out, List<Route> routes) {
        routes.forEach(route -> route(out.addObject(), route));
    }

    static void keys(ArrayNode out, Gateway gateway) {
        gateway.keys().forEach(key -> key(out.addObject(), key));
    }

    static void complexity(ObjectNode root, Gateway gateway) {
        Complexity complexity = gateway.complexity();
        if (complexity != null) {
            complexity(root.putObject("complexity"), complexity);
        }
    }

    private static void route(ObjectNode out, Route route) {
        out.put("name", route.name());
        var match = out.putObject("match");
        list(match, "model", route.match().model());
        list(match, "modelClass", route.match().modelClass());
        list(match, "key", route.match().key());
        lists(match, "headers", route.match().headers());
        lists(match, "context", route.match().context());
        var backends = out.putArray("backends");
        for (Route.Target target : route.backends()) {
            var one = backends.addObject();
            GatewayJson.putIf(one, "endpoint", target.endpoint());
            GatewayJson.putIf(one, "provider", target.provider());
            GatewayJson.putIf(one, "model", target.model());
            timeouts(one, target.timeouts());
            one.put("spillQueueFull", target.spillQueueFull());
        }
    }

    private static void list(ObjectNode out, String name, List<String> values) {
        if (!values.isEmpty()) {
            GatewayJson.words(out.putArray(name), values);
        }
    }

    private static void lists(ObjectNode out, String name, Map<String, List<String>> values) {
        if (!values.isEmpty()) {
            var map = out.putObject(name);
            new TreeMap<>(values).forEach((key, any) -> GatewayJson.words(map.putArray(key), any));
        }
    }

    private static void key(ObjectNode out, ClientKey key) {
        out.put("name", key.name());
        var reference = out.putObject("secret");
        switch (key.secret()) {
            case EnvValue.FromEnv(String name) -> reference.put("env", name);
            case EnvValue.FromFile(String path) -> reference.put("file", path);
            case EnvValue.FromKeychain(String item) -> reference.put("keychain", item);
            case EnvValue.Text _ -> throw new IllegalStateException("key " + key.name() + " is a text");
        }
        list(out, "allow", key.allow());
        out.put("requestsPerMinute", key.requestsPerMinute()).put("tokensPerMinute", key.tokensPerMinute());
        budgets(out.putArray("budgets"), key.budgets());
        GatewayJson.putIf(out, "floor", key.floor());
        var context = out.putObject("context");
        new TreeMap<>(key.context()).forEach(context::put);
    }

    static void budgets(ArrayNode out, List<Budget> budgets) {
        for (Budget budget : budgets) {
            var one = out.addObject();
            if (budget.usd() != null) {
                one.put("usd", budget.usd().toPlainString());
            }
            if (budget.tokens() != null) {
                one.put("tokens", budget.tokens());
            }
            one.put("window", GatewayJson.word(budget.window())).put("rolling", budget.rolling());
        }
    }

    /** Only what is not as usual. */
    static void keeping(ObjectNode root, Gateway gateway) {
        if (gateway.usdPerMinute() != null) {
            root.put("usdPerMinute", gateway.usdPerMinute().toPlainString());
        }
        var keeping = gateway.keeping();
        if (!keeping.equals(Keeping.DEFAULT)) {
            root.putObject("keeping")
                    .put("ledgerDays", keeping.ledgerDays())
                    .put("ledgerBytes", keeping.ledgerBytes())
                    .put("answers", GatewayJson.word(keeping.answers()))
                    .put("answerDays", keeping.answerDays())
                    .put("answerBytes", keeping.answerBytes());
        }
    }

    /** Milliseconds. */
    static void timeouts(ObjectNode out, Timeouts timeouts) {
        out.putObject("timeouts")
                .put("connect", timeouts.connect().toMillis())
                .put("firstToken", timeouts.firstToken().toMillis())
                .put("idle", timeouts.idle().toMillis())
                .put("total", timeouts.total().toMillis());
    }

    private static void complexity(ObjectNode out, Complexity complexity) {
        out.put("mode", GatewayJson.word(complexity.mode()))
                .put("classifier", GatewayJson.word(complexity.classifier()))
                .put("model", complexity.model());
        var levels = out.putObject("levels");
        new TreeMap<>(complexity.levels()).forEach((name, level) -> {
            var one = levels.putObject(name).put("model", level.model());
            if (level.maxTokens() != null) {
                one.put("maxTokens", level.maxTokens());
            }
        });
        var roles = out.putObject("roles");
        new TreeMap<>(complexity.roles()).forEach((name, role) -> {
            var one = roles.putObject(name);
            GatewayJson.putIf(one, "level", role.level());
            GatewayJson.putIf(one, "floor", role.floor());
        });
        GatewayJson.words(out.putArray("order"), complexity.order());
    }
}
