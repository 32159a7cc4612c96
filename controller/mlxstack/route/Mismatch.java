package mlxstack.route;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import mlxstack.spec.Route;
import org.jspecify.annotations.Nullable;

/**
 * A condition of a rule that a request does not meet.
 *
 * @param condition such as {@code model} or {@code context source_kind}
 * @param found what the request has; null: nothing
 * @param expected any of these
 */
public record Mismatch(String condition, @Nullable String found, List<String> expected) {

    public Mismatch {
        expected = List.copyOf(expected);
    }

    /**
     * Whether all that the rule asks for holds. A list means any of it; an empty one, and one of empty texts, is no
     * opinion; what the request does not have never holds.
     */
    static boolean none(Route.Match match, Ask ask) {
        if (!holds(match.model(), ask.model())
                || !holds(match.modelClass(), ask.modelClass())
                || !holds(match.key(), ask.key())) {
            return false;
        }
        return all(match.headers(), ask.headers()) && all(match.context(), ask.context());
    }

    private static boolean all(Map<String, List<String>> expected, Map<String, String> found) {
        for (Map.Entry<String, List<String>> one : expected.entrySet()) {
            if (!holds(one.getValue(), found.get(one.getKey()))) {
                return false;
            }
        }
        return true;
    }

    /** All there are, in the order in which a rule is written; none exactly when {@link #none} says so. */
    static List<Mismatch> of(Route.Match match, Ask ask) {
        var all = new ArrayList<Mismatch>();
        check("model", match.model(), ask.model(), all);
        check("modelClass", match.modelClass(), ask.modelClass(), all);
        check("key", match.key(), ask.key(), all);
        new TreeMap<>(match.headers())
                .forEach((name, any) ->
                        check("header " + name, any, ask.headers().get(name), all));
        new TreeMap<>(match.context())
                .forEach((name, any) ->
                        check("context " + name, any, ask.context().get(name), all));
        return all;
    }

    private static void check(String condition, List<String> any, @Nullable String found, List<Mismatch> all) {
        if (!holds(any, found)) {
            all.add(new Mismatch(condition, found == null || found.isEmpty() ? null : found, any));
        }
    }

    private static boolean holds(List<String> any, @Nullable String found) {
        return noOpinion(any) || (found != null && !found.isEmpty() && any.contains(found));
    }

    static boolean noOpinion(List<String> any) {
        for (String one : any) {
            if (!one.isBlank()) {
                return false;
            }
        }
        return true;
    }

    /** For people. */
    public String text() {
        String wanted = expected.stream()
                .filter(one -> !one.isBlank())
                .map(one -> "\"" + one + "\"")
                .collect(Collectors.joining(" or "));
        return "%s: found %s, expected %s".formatted(condition, found == null ? "none" : "\"" + found + "\"", wanted);
    }
}
