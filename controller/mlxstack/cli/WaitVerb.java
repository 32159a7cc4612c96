package mlxstack.cli;

import io.vavr.control.Either;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import mlxstack.api.Item;
import mlxstack.api.Items;
import mlxstack.api.Kind;
import mlxstack.api.ObjectJson;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

@Command(
        name = "wait",
        header = "Wait until something is so",
        description = "What was observed of an older definition does not count. Exits with 1 when the time is up.",
        footer = {
            "mlxstackctl wait primary --for=condition=Ready --timeout=5m",
            "mlxstackctl wait process/old --for=delete",
            "mlxstackctl wait stack --for=condition=Ready",
            "mlxstackctl wait primary --for=jsonpath='{.status.state}'=healthy"
        })
final class WaitVerb implements Action {

    @Parameters(paramLabel = "KIND|NAME", arity = "1..*")
    List<String> words = List.of();

    @Option(
            names = "--for",
            paramLabel = "WHAT",
            required = true,
            description = "condition=NAME[=VALUE], delete, create or jsonpath=TEMPLATE[=VALUE]")
    String what = "";

    @Option(
            names = "--timeout",
            paramLabel = "TIME",
            converter = TimeOption.class,
            description = "Give up after this time (default 30s); 0 looks once, a negative one never gives up")
    Duration timeout = Duration.ofSeconds(30);

    @Option(names = "--all", description = "Accepted for kubectl's sake: a kind without a name is all of them")
    boolean all;

    @Override
    public int run(Session session) throws InterruptedException {
        var parsed = goal(what);
        if (parsed.isLeft()) {
            return session.fail(parsed.getLeft());
        }
        var targets = Target.parse(words);
        if (targets.isLeft()) {
            return session.fail(targets.getLeft());
        }
        Predicate<@Nullable Item> goal = parsed.get();
        var names = new ArrayList<Target>();
        for (Target target : targets.get()) {
            if (target.name() != null) {
                names.add(target);
            } else {
                session.items(target.kind()).forEach(i -> names.add(new Target(target.kind(), i.name())));
            }
        }
        if (names.isEmpty()) {
            return session.fail("no matching resources found");
        }
        long deadline = System.nanoTime() + timeout.toNanos();
        int code = 0;
        for (Target target : names) {
            code = Math.max(code, await(session, target, goal, deadline));
        }
        return code;
    }

    private int await(Session session, Target target, Predicate<@Nullable Item> goal, long deadline)
            throws InterruptedException {
        String name = String.valueOf(target.name());
        Kind kind = target.kind();
        if (!what.equals("create") && !what.equals("delete") && Items.one(kind, name, session.state()) == null) {
            return session.notFound(
                    kind, name, Items.of(kind, session.state()).stream().map(Item::name));
        }
        Duration left =
                timeout.isNegative() ? Duration.ZERO : Duration.ofNanos(Math.max(1, deadline - System.nanoTime()));
        if (!session.until(s -> goal.test(Items.one(kind, name, s)), left)) {
            return session.fail("timed out waiting for the condition on " + kind.plural() + "/" + name);
        }
        String qualified = kind.singular() + (kind.group().isEmpty() ? "" : "." + kind.group());
        session.line(qualified + "/" + name + (what.equals("delete") ? " deleted" : " condition met"));
        session.output().flush();
        return 0;
    }

    private static Either<String, Predicate<@Nullable Item>> goal(String what) {
        if (what.equals("delete")) {
            return Either.right(item -> item == null);
        } else if (what.equals("create")) {
            return Either.right(item -> item != null);
        } else if (what.startsWith("condition=")) {
            String[] parts = what.substring("condition=".length()).split("=", 2);
            String value = parts.length > 1 ? parts[1] : "True";
            return Either.right(item -> item != null && holds(ObjectJson.json(item, 0, null), parts[0], value));
        } else if (what.startsWith("jsonpath=")) {
            return jsonPath(what.substring("jsonpath=".length()));
        }
        return Either.left("unrecognized condition: \"" + what
                + "\"; expected condition=NAME[=VALUE], delete, create or jsonpath=TEMPLATE[=VALUE]");
    }

    private static Either<String, Predicate<@Nullable Item>> jsonPath(String text) {
        int close = text.lastIndexOf('}');
        int is = text.indexOf('=', Math.max(0, close));
        String template = is < 0 ? text : text.substring(0, is);
        String value = is < 0 ? null : unquoted(text.substring(is + 1));
        return JsonPath.parse(unquoted(template)).map(path -> item -> {
            if (item == null) {
                return false;
            }
            var found = path.values(ObjectJson.json(item, 0, null));
            return found.stream()
                    .anyMatch(v -> value == null || JsonPath.text(v).equals(value));
        });
    }

    private static String unquoted(String text) {
        boolean quoted = text.length() > 1
                && (text.startsWith("'") || text.startsWith("\""))
                && text.endsWith(text.substring(0, 1));
        return quoted ? text.substring(1, text.length() - 1) : text;
    }

    /** Case does not matter, as in {@code kubectl}; what is older than the definition does not count. */
    private static boolean holds(JsonNode object, String type, String value) {
        long generation = object.at("/metadata/generation").asLong(0);
        if (object.at("/status/observedGeneration").asLong(generation) < generation) {
            return false;
        }
        for (JsonNode condition : object.at("/status/conditions").values()) {
            if (condition.path("type").asString("").equalsIgnoreCase(type)) {
                return condition.path("observedGeneration").asLong(generation) >= generation
                        && condition.path("status").asString("").equalsIgnoreCase(value);
            }
        }
        return false;
    }
}
