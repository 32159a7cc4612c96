package mlxstack.route;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import mlxstack.spec.ClientKey;
import mlxstack.spec.Complexity;
import org.jspecify.annotations.Nullable;

/** The levels of complexity and the models for them. Stateless. */
public final class Levels {

    /** Where nothing is known of a request. */
    static final String STANDARD = "standard";

    /** The least demanding first. */
    public static final List<String> ALL = List.of("trivial", "simple", STANDARD, "complex", "expert");

    private Levels() {}

    /** The higher of two; a name that is no level is below all. */
    static String higher(String a, @Nullable String b) {
        return b != null && ALL.indexOf(b) > ALL.indexOf(a) ? b : a;
    }

    /**
     * The models, the least capable first: as {@code order} says. Models of levels that it does not have come before all
     * others, so that every floor lifts them.
     */
    static List<String> ladder(Complexity complexity) {
        var ladder = new LinkedHashSet<String>();
        for (String level : ALL) {
            var entry = complexity.levels().get(level);
            if (entry != null && !complexity.order().contains(entry.model())) {
                ladder.add(entry.model());
            }
        }
        ladder.addAll(complexity.order());
        return List.copyOf(ladder);
    }

    /** What is written for a level; else for the next higher one, else the next lower one; null when none is written. */
    static Complexity.@Nullable Level entry(Complexity complexity, String level) {
        int at = Math.max(0, ALL.indexOf(level));
        var near = new ArrayList<>(ALL.subList(at, ALL.size()));
        near.addAll(ALL.subList(0, at).reversed());
        for (String one : near) {
            var entry = complexity.levels().get(one);
            if (entry != null) {
                return entry;
            }
        }
        return null;
    }

    /** The place on the ladder below which a request of this key, in its role, gets nothing; 0 is the lowest there is. */
    static int floor(Complexity complexity, @Nullable ClientKey key, Ask ask) {
        String name = ask.context().get(Grade.ROLE);
        var role = name == null ? null : complexity.roles().get(name);
        return Math.max(
                place(complexity, role == null ? null : role.floor()),
                place(complexity, key == null ? null : key.floor()));
    }

    private static int place(Complexity complexity, @Nullable String floor) {
        var model = model(complexity, floor);
        return model == null ? 0 : Math.max(0, ladder(complexity).indexOf(model));
    }

    /** A floor is the name of a model, or of a level, which stands for its model. */
    static @Nullable String model(Complexity complexity, @Nullable String written) {
        var level = written == null ? null : complexity.levels().get(written);
        return level == null ? written : level.model();
    }
}
