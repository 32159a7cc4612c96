package mlxstack.route;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import mlxstack.spec.Route;
import org.jspecify.annotations.Nullable;

/** Which rules take everything that a later one could match. Stateless. */
final class Shadows {

    /** Combinations of the values of one rule that are looked at one by one. */
    private static final int MOST = 512;

    private Shadows() {}

    /** What a match asks for, by condition; what it has no opinion on is absent. */
    static Map<String, List<String>> conditions(Route.Match match) {
        var all = new LinkedHashMap<String, List<String>>();
        put(all, "model", match.model());
        put(all, "modelClass", match.modelClass());
        put(all, "key", match.key());
        match.headers().forEach((name, any) -> put(all, "header " + name, any));
        match.context().forEach((name, any) -> put(all, "context " + name, any));
        return all;
    }

    private static void put(Map<String, List<String>> all, String condition, List<String> any) {
        if (!Mismatch.noOpinion(any)) {
            all.put(
                    condition,
                    any.stream().filter(one -> !one.isBlank()).distinct().toList());
        }
    }

    static boolean isOpen(Route.Match match) {
        return conditions(match).isEmpty();
    }

    /** Whether {@code wide} holds of every request that {@code narrow} holds of. */
    static boolean covers(Map<String, List<String>> wide, Map<String, List<String>> narrow) {
        return wide.entrySet().stream().allMatch(one -> {
            var values = narrow.get(one.getKey());
            return values != null && one.getValue().containsAll(values);
        });
    }

    /**
     * The rules before {@code later} that together take everything it could match, in their order; null: something is
     * left for it.
     */
    static @Nullable List<Route> before(List<Route> routes, int later) {
        var conditions = conditions(routes.get(later).match());
        for (Route earlier : routes.subList(0, later)) {
            if (covers(conditions(earlier.match()), conditions)) {
                return List.of(earlier);
            }
        }
        var atoms = atoms(conditions);
        var takers = new LinkedHashSet<Integer>();
        for (var atom : atoms) {
            int taker = 0;
            while (taker < later && !covers(conditions(routes.get(taker).match()), atom)) {
                taker++;
            }
            if (taker == later) {
                return null;
            }
            takers.add(taker);
        }
        return takers.isEmpty()
                ? null
                : takers.stream().sorted().map(routes::get).toList();
    }

    /** One value of each condition, in every combination; none at all when they are too many. */
    private static List<Map<String, List<String>>> atoms(Map<String, List<String>> conditions) {
        List<Map<String, List<String>>> atoms = List.of(Map.of());
        for (var one : conditions.entrySet()) {
            if ((long) atoms.size() * one.getValue().size() > MOST) {
                return List.of();
            }
            var more = new ArrayList<Map<String, List<String>>>();
            for (var atom : atoms) {
                for (String value : one.getValue()) {
                    var longer = new LinkedHashMap<>(atom);
                    longer.put(one.getKey(), List.of(value));
                    more.add(longer);
                }
            }
            atoms = more;
        }
        return atoms;
    }
}
