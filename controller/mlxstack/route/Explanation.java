package mlxstack.route;

import java.util.ArrayList;
import java.util.List;
import mlxstack.spec.Complexity;
import mlxstack.spec.Route;
import org.jspecify.annotations.Nullable;

/**
 * What would become of a request and why: every rule, the conditions that do not hold, and the decision itself, which is
 * the one the gateway makes.
 *
 * @param grade of complexity; null when it has no part in this
 * @param floor the least capable model it gets; null: none
 */
public record Explanation(
        Ask ask,
        List<Rule> rules,
        @Nullable Grade grade,
        @Nullable String floor,
        Decision decision) {

    public Explanation {
        rules = List.copyOf(rules);
    }

    /**
     * @param reached whether no rule before it matched
     * @param unmet conditions that do not hold; none: it matches
     * @param open whether it asks for nothing at all
     */
    public record Rule(String name, boolean reached, List<Mismatch> unmet, boolean open) {
        public Rule {
            unmet = List.copyOf(unmet);
        }

        public boolean matches() {
            return unmet.isEmpty();
        }
    }

    public static Explanation of(Table table, Ask ask, Standing standing) {
        var rules = new ArrayList<Rule>();
        boolean reached = true;
        for (Route route : table.routes()) {
            var unmet = Mismatch.of(route.match(), ask);
            rules.add(new Rule(route.name(), reached, unmet, Shadows.isOpen(route.match())));
            reached &= !unmet.isEmpty();
        }
        var complexity = table.complexity();
        Grade grade = null;
        String floor = null;
        if (complexity != null && complexity.model().equals(ask.model())) {
            grade = Grade.of(complexity, ask);
            floor = floor(complexity, table, ask);
        }
        return new Explanation(ask, rules, grade, floor, Router.decide(table, ask, standing));
    }

    private static @Nullable String floor(Complexity complexity, Table table, Ask ask) {
        int floor = Levels.floor(complexity, Router.key(table, ask.key()), ask);
        return floor > 0 ? Levels.ladder(complexity).get(floor) : null;
    }
}
