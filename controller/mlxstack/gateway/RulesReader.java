package mlxstack.gateway;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import mlxstack.spec.Budget;
import mlxstack.spec.ClientKey;
import mlxstack.spec.Complexity;
import mlxstack.spec.EnvValue;
import mlxstack.spec.Keeping;
import mlxstack.spec.Route;
import mlxstack.spec.Timeouts;
import org.jspecify.annotations.Nullable;

/** Reads the rules of {@code gateway.json}: routes, keys, complexity, budgets. Stateless. */
final class RulesReader {

    /** A year. */
    static final long LONGEST_MILLIS = Duration.ofDays(365).toMillis();

    private RulesReader() {}

    static List<Route> routes(Fields root) throws BadConfig {
        var routes = new ArrayList<Route>();
        for (Fields at : root.objects("routes")) {
            var match = at.object("match");
            var targets = new ArrayList<Route.Target>();
            for (Fields target : at.objects("backends")) {
                targets.add(target(target));
            }
            routes.add(new Route(
                    at.text("name"),
                    new Route.Match(
                            match.textsIfAny("model"),
                            match.textsIfAny("modelClass"),
                            match.textsIfAny("key"),
                            match.lists("headers"),
                            match.lists("context")),
                    targets));
        }
        return routes;
    }

    private static Route.Target target(Fields at) throws BadConfig {
        return new Route.Target(
                at.textIfAny("endpoint"),
                at.textIfAny("provider"),
                at.textIfAny("model"),
                timeouts(at.object("timeouts")),
                at.flag("spillQueueFull"));
    }

    static Timeouts timeouts(Fields at) throws BadConfig {
        return new Timeouts(millis(at, "connect"), millis(at, "firstToken"), millis(at, "idle"), millis(at, "total"));
    }

    static Duration millis(Fields at, String name) throws BadConfig {
        return Duration.ofMillis(at.whole(name, 0, LONGEST_MILLIS));
    }

    static List<ClientKey> keys(Fields root) throws BadConfig {
        var keys = new ArrayList<ClientKey>();
        for (Fields at : root.objects("keys")) {
            keys.add(new ClientKey(
                    at.text("name"),
                    reference(at.object("secret")),
                    at.textsIfAny("allow"),
                    at.number("requestsPerMinute", 0, Integer.MAX_VALUE),
                    at.number("tokensPerMinute", 0, Integer.MAX_VALUE),
                    budgets(at),
                    at.textIfAny("floor"),
                    at.textMap("context")));
        }
        return keys;
    }

    private static EnvValue reference(Fields at) throws BadConfig {
        if (at.has("env")) {
            return new EnvValue.FromEnv(at.text("env"));
        }
        return at.has("file") ? new EnvValue.FromFile(at.text("file")) : new EnvValue.FromKeychain(at.text("keychain"));
    }

    static List<Budget> budgets(Fields of) throws BadConfig {
        return budgets(of, "budgets");
    }

    static List<Budget> budgets(Fields of, String name) throws BadConfig {
        var budgets = new ArrayList<Budget>();
        for (Fields at : of.objects(name)) {
            budgets.add(new Budget(
                    at.has("usd") ? money(at, "usd") : null,
                    at.has("tokens") ? (Long) at.whole("tokens", 1, Long.MAX_VALUE) : null,
                    at.word("window", Budget.Window.class),
                    at.flag("rolling")));
        }
        return budgets;
    }

    static Keeping keeping(@Nullable Fields at) throws BadConfig {
        return at == null
                ? Keeping.DEFAULT
                : new Keeping(
                        at.number("ledgerDays", 32, 36_500),
                        at.whole("ledgerBytes", 1, Long.MAX_VALUE),
                        at.word("answers", Keeping.Answers.class),
                        at.number("answerDays", 1, 36_500),
                        at.whole("answerBytes", 1, Long.MAX_VALUE));
    }

    static BigDecimal money(Fields at, String name) throws BadConfig {
        String text = at.text(name);
        try {
            return new BigDecimal(text);
        } catch (NumberFormatException e) {
            throw new BadConfig("found %s %s, expected a decimal number".formatted(at.path() + "." + name, text));
        }
    }

    static @Nullable Complexity complexity(@Nullable Fields at) throws BadConfig {
        if (at == null) {
            return null;
        }
        Map<String, Complexity.Level> levels = new LinkedHashMap<>();
        for (var level : at.object("levels").all().entrySet()) {
            levels.put(
                    level.getKey(),
                    new Complexity.Level(
                            level.getValue().text("model"), level.getValue().numberIfAny("maxTokens")));
        }
        Map<String, Complexity.Role> roles = new LinkedHashMap<>();
        for (var role : at.object("roles").all().entrySet()) {
            roles.put(
                    role.getKey(),
                    new Complexity.Role(
                            role.getValue().textIfAny("level"), role.getValue().textIfAny("floor")));
        }
        return new Complexity(
                at.word("mode", Complexity.Mode.class),
                at.word("classifier", Complexity.Classifier.class),
                at.text("model"),
                levels,
                roles,
                at.texts("order"));
    }
}
