package mlxstack.route;

import static mlxstack.route.Tables.ANYTHING;
import static mlxstack.route.Tables.ask;
import static mlxstack.route.Tables.context;
import static mlxstack.route.Tables.endpoint;
import static mlxstack.route.Tables.key;
import static mlxstack.route.Tables.known;
import static mlxstack.route.Tables.lists;
import static mlxstack.route.Tables.map;
import static mlxstack.route.Tables.route;
import static mlxstack.route.Tables.table;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import mlxstack.spec.Complexity;
import mlxstack.spec.Route;
import org.junit.jupiter.api.Test;

class ExplanationTest {

    private static final List<Backend> TWO = List.of(endpoint("a"), endpoint("b"));

    @Test
    void eachRuleAndTheConditionsThatDoNotHold() {
        var owner = new Route.Match(
                List.of("smart"), List.of(), List.of("hermes", "lab"), lists("x-team=lab"), lists("source_kind=owner"));
        var table = table(
                TWO,
                List.of(key("phone")),
                null,
                route("owner", owner, "a"),
                route("cli", context("platform=cli|cron"), "b"),
                route("rest", ANYTHING, "a"));
        var asked = ask("smart", null, "phone", Map.of(), "source_kind=stranger", "platform=cron");
        var explanation = Explanation.of(table, asked, Standing.NONE);
        assertThat(explanation.rules()).extracting(Explanation.Rule::name).containsExactly("owner", "cli", "rest");
        assertThat(explanation.rules()).extracting(Explanation.Rule::matches).containsExactly(false, true, true);
        assertThat(explanation.rules()).extracting(Explanation.Rule::reached).containsExactly(true, true, false);
        assertThat(explanation.rules()).extracting(Explanation.Rule::open).containsExactly(false, false, true);
        assertThat(explanation.rules().getFirst().unmet())
                .extracting(Mismatch::text)
                .containsExactly(
                        "key: found \"phone\", expected \"hermes\" or \"lab\"",
                        "header x-team: found none, expected \"lab\"",
                        "context source_kind: found \"stranger\", expected \"owner\"");
        assertThat(explanation.decision()).isEqualTo(Router.decide(table, asked));
        assertThat(explanation.grade()).isNull();
    }

    @Test
    void complexityWithItsFloor() {
        var levels = Map.of("simple", new Complexity.Level("a", null), "expert", new Complexity.Level("b", null));
        var complexity = new Complexity(
                Complexity.Mode.ON, Complexity.Classifier.DECLARED, "auto", levels, Map.of(), List.of("a", "b"));
        var table = table(TWO, List.of(known(key("vip"), "b")), complexity);
        var explanation =
                Explanation.of(table, ask("auto", null, "vip", Map.of(), "output_length_target=short"), Standing.NONE);
        assertThat(explanation.grade()).isEqualTo(new Grade("simple", null, List.of("output_short")));
        assertThat(explanation.floor()).isEqualTo("b");
        assertThat(explanation.decision().reasons()).containsExactly("complexity:simple", "output_short", "floor:b");
        assertThat(Explanation.of(table, ask("a", null, "vip", map()), Standing.NONE)
                        .floor())
                .isNull();
    }
}
