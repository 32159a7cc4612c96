package mlxstack.reconcile;

import static mlxstack.reconcile.Units.process;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import mlxstack.spec.ClientKey;
import mlxstack.spec.EnvValue;
import mlxstack.spec.Gateway;
import mlxstack.spec.Route;
import mlxstack.spec.Stack;
import mlxstack.spec.Timeouts;
import mlxstack.spec.Workload;
import org.junit.jupiter.api.Test;

class PlanTest {

    private static Revision revision(Workload... workloads) {
        var gateway = new Gateway(Gateway.Engine.NONE, "127.0.0.1", 4000);
        return new Revision(
                9,
                "1".repeat(64),
                Units.NOW,
                null,
                "s",
                new Stack("home", Map.of(), Map.of(), null, List.of(workloads), List.of(), gateway, List.of()));
    }

    private static List<String> actions(Plan plan) {
        return plan.changes().stream().map(c -> c.action() + " " + c.name()).toList();
    }

    @Test
    void theSameFileChangesNothing() {
        var bench = new Bench(process("a")).spawned("a");
        var plan = Plan.of(bench.state, revision(process("a")), bench.now());
        assertThat(plan.changes()).isEmpty();
        assertThat(plan.harsh()).isFalse();
    }

    @Test
    void startsDeletesAndRestartsAreWhatTheStepWouldDo() {
        var bench = new Bench(process("a"), process("b")).spawned("a").spawned("b");
        var plan = Plan.of(bench.state, revision(process("a", "other"), process("c")), bench.now());
        assertThat(actions(plan)).containsExactlyInAnyOrder("RESTART a", "DELETE b", "START c");
        assertThat(plan.harsh()).isTrue();
        assertThat(plan.prune()).isNull();
        assertThat(plan.changes().stream()
                        .filter(c -> c.name().equals("a"))
                        .findFirst()
                        .orElseThrow()
                        .fields())
                .extracting(Plan.Field::path)
                .containsExactly("command");
    }

    @Test
    void manyDeletionsNeedTheDigestThatConfirmsThem() {
        var bench = new Bench(process("a"), process("b"), process("c"))
                .spawned("a")
                .spawned("b")
                .spawned("c");
        var plan = Plan.of(bench.state, revision(process("a")), bench.now());
        assertThat(actions(plan)).containsExactlyInAnyOrder("DELETE b", "DELETE c");
        assertThat(plan.prune()).isEqualTo(Specs.digest(List.of("b", "c")));
    }

    private static Revision routed(List<Route> routes, List<ClientKey> keys, Workload... workloads) {
        var gateway = new Gateway(Gateway.Engine.BUILTIN, "127.0.0.1", 4000, keys, routes, null, List.of());
        return new Revision(
                9,
                "1".repeat(64),
                Units.NOW,
                null,
                "s",
                new Stack("home", Map.of(), Map.of(), null, List.of(workloads), List.of(), gateway, List.of()));
    }

    private static Route route(String name, String model) {
        return new Route(
                name,
                new Route.Match(List.of(model), List.of(), List.of(), Map.of(), Map.of()),
                List.of(new Route.Target("a", null, null, Timeouts.DEFAULT, false)));
    }

    @Test
    void routesAndKeysAreTakenUpByTheRunningGateway() {
        var gateway = Units.gateway(4000);
        var key = new ClientKey(
                "hermes", new EnvValue.FromEnv("HERMES_KEY"), List.of("a"), 0, 0, List.of(), null, Map.of());
        var bench = new Bench(gateway).spawned("gateway");
        bench.feed(new Event.SpecAccepted(routed(List.of(route("one", "x"), route("two", "y")), List.of(), gateway)));
        var plan = Plan.of(
                bench.state, routed(List.of(route("two", "y"), route("one", "z")), List.of(key), gateway), bench.now());
        assertThat(actions(plan)).containsExactly("RELOAD gateway");
        assertThat(plan.harsh()).isFalse();
        assertThat(plan.changes().getFirst().fields())
                .containsExactly(
                        new Plan.Field("gateway.routes[one].match.model", "[x]", "[z]"),
                        new Plan.Field("gateway.routes", "[one, two]", "[two, one]"),
                        new Plan.Field("gateway.keys[hermes].secret", null, "{env: HERMES_KEY}"),
                        new Plan.Field("gateway.keys[hermes].allow", null, "[a]"),
                        new Plan.Field("gateway.keys", null, "[hermes]"));
    }

    @Test
    void planningLeavesTheStateAlone() {
        var bench = new Bench(process("a")).spawned("a");
        var before = bench.state;
        Plan.of(bench.state, revision(), bench.now());
        assertThat(bench.state).isSameAs(before);
        assertThat(bench.unit("a").removed()).isFalse();
    }

    @Test
    void namesTheFirstFewOfMany() {
        assertThat(State.Held.some(List.of("a", "b"))).isEqualTo("a, b");
        assertThat(State.Held.some(List.of("abcdefghi".split("")))).isEqualTo("a, b, c, d, e, f, g, h, i");
        assertThat(State.Held.some(List.of("abcdefghij".split("")))).isEqualTo("a, b, c, d, e, f, g, h and 2 more");
    }
}
