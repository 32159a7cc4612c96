package mlxstack.route;

import static mlxstack.route.Tables.ANYTHING;
import static mlxstack.route.Tables.context;
import static mlxstack.route.Tables.endpoint;
import static mlxstack.route.Tables.key;
import static mlxstack.route.Tables.known;
import static mlxstack.route.Tables.lists;
import static mlxstack.route.Tables.model;
import static mlxstack.route.Tables.remote;
import static mlxstack.route.Tables.route;
import static mlxstack.route.Tables.table;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import mlxstack.spec.Complexity;
import mlxstack.spec.Complexity.Classifier;
import mlxstack.spec.Complexity.Level;
import mlxstack.spec.Complexity.Mode;
import mlxstack.spec.Complexity.Role;
import mlxstack.spec.Route;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LintTest {

    private static final List<Backend> TWO = List.of(endpoint("a"), endpoint("b"));

    @ParameterizedTest(name = "{0} before {1}")
    @CsvSource(delimiter = ',', textBlock = """
                    p=x,            p=x,            true
                    p=x|y,          p=x,            true
                    p=x,            p=x q=z,        true
                    '',             p=x,            true
                    '',             '',             true
                    p=x,            p=x|y,          false
                    p=x q=z,        p=x,            false
                    p=x,            q=z,            false
                    p=x,            '',             false
                    p=,             q=z,            true
                    """)
    void aRuleHidesWhatAsksForAtLeastAsMuch(String earlier, String later, boolean hidden) {
        var table = table(TWO, route("first", of(earlier), "a"), route("second", of(later), "b"));
        String finding =
                "route second is never reached: route first before it matches everything it could match; move it up or remove it";
        if (hidden) {
            assertThat(Lint.of(table)).contains(finding);
        } else {
            assertThat(Lint.of(table)).doesNotContain(finding);
        }
    }

    private static Route.Match of(String context) {
        return context.isEmpty() ? ANYTHING : context(context.split(" "));
    }

    @Test
    void severalRulesTogetherHideOne() {
        var both = new Route.Match(List.of("m", "n"), List.of(), List.of(), Map.of(), lists("p=x"));
        var table = table(TWO, route("m", model("m"), "a"), route("n", model("n"), "a"), route("both", both, "b"));
        assertThat(Lint.of(table))
                .containsExactly(
                        "route both is never reached: routes m, n before it match everything it could match; move it up or remove it");
        var half = table(TWO, route("m", model("m"), "a"), route("both", both, "b"));
        assertThat(Lint.of(half)).isEmpty();
    }

    @Test
    void keysMayContradictARule() {
        var owner = new Route.Match(List.of(), List.of(), List.of("phone"), Map.of(), lists("source_kind=owner"));
        var table = table(
                List.of(endpoint("a"), endpoint("secret"), remote("cloud", "premium", 1)),
                List.of(known(key("phone", "a"), null, "source_kind=stranger"), key("lab", "a", "premium")),
                null,
                route("owner", owner, "a"));
        assertThat(Lint.of(table))
                .containsExactly(
                        "route owner is never reached: what spec.gateway.keys says of every key contradicts its match",
                        "secret is never used: no key allows it");
    }

    @Test
    void aRuleForEverythingLeavesNobodyAnEndpointOfAnotherName() {
        assertThat(Lint.of(table(TWO, route("all", ANYTHING, "a"))))
                .containsExactly("b is never used: routes take every request for b elsewhere");
        assertThat(Lint.of(table(TWO, route("all", ANYTHING)))).isEmpty();
        assertThat(Lint.of(table(TWO, route("b", model("b"), "a")))).hasSize(1);
        assertThat(Lint.of(table(TWO, route("b", context("p=x"), "a")))).isEmpty();
    }

    @Test
    void levelsThatGoNowhere() {
        var complexity = new Complexity(
                Mode.ON,
                Classifier.TEXT,
                "auto",
                Map.of("trivial", new Level("a", null), "simple", new Level("b", null), "expert", new Level("c", null)),
                Map.of("writer", new Role(null, "d")),
                List.of("a", "c"));
        var table = table(TWO, List.of(), complexity, route("auto", model("auto"), "a"));
        assertThat(Lint.of(table))
                .containsExactly(
                        "complexity is never asked for: a route takes every request for auto",
                        "complexity: level trivial is never chosen: no text says that it is, and no role has it",
                        "complexity: level expert goes to c, which nobody serves",
                        "complexity: b is in no place of order, so every floor is above it",
                        "complexity: floor d is no level and in no place of order, so it lifts nothing");
        var off = new Complexity(
                Mode.OFF, complexity.classifier(), "auto", complexity.levels(), complexity.roles(), complexity.order());
        assertThat(Lint.of(table(TWO, List.of(), off))).isEmpty();
    }

    /** What is said to be unreachable is never reached, and what is not said to be so is, by some request. */
    @ParameterizedTest
    @ValueSource(longs = {31, 32, 33})
    void itIsRightAboutEveryRule(long seed) {
        var random = new Random(seed);
        var values = List.of("x", "y", "other");
        for (int i = 0; i < 300; i++) {
            var rules = new ArrayList<Route>();
            for (int n = 0; n < 4; n++) {
                rules.add(route(
                        "r" + n,
                        new Route.Match(some(random), List.of(), List.of(), Map.of(), Map.of("p", some(random))),
                        "a"));
            }
            var reached = new ArrayList<String>();
            for (String model : values) {
                for (String p : List.of("x", "y", "other", "")) {
                    var ask = p.isEmpty() ? Tables.ask(model) : Tables.ask(model, "p=" + p);
                    var rule = Router.matching(rules, ask);
                    reached.add(rule == null ? "" : rule.name());
                }
            }
            var findings = Lint.of(table(TWO, rules.toArray(Route[]::new)));
            for (Route rule : rules) {
                boolean said =
                        findings.stream().anyMatch(line -> line.startsWith("route " + rule.name() + " is never"));
                assertThat(said).as("%s of %s", rule.name(), rules).isEqualTo(!reached.contains(rule.name()));
            }
        }
    }

    private static List<String> some(Random random) {
        return switch (random.nextInt(4)) {
            case 0 -> List.of();
            case 1 -> List.of("x");
            case 2 -> List.of("y");
            default -> List.of("x", "y");
        };
    }
}
