package mlxstack.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import mlxstack.reconcile.Event.Outcome;
import mlxstack.spec.Policy;
import mlxstack.spec.Probe;
import mlxstack.spec.Probes;
import mlxstack.spec.Workload;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What the core makes of probes' results, by virtual time. */
class ProbeRulesTest {

    private static Probe probe(Duration period, int failures) {
        return new Probe(new Probe.Handler.Health(), Duration.ZERO, period, Duration.ofSeconds(1), 1, failures);
    }

    private static final Probe STARTUP = probe(Duration.ofSeconds(10), 60);
    private static final Probe OTHER = probe(Duration.ofSeconds(10), 3);

    private static Workload probed(Workload w, Probes probes) {
        Policy p = w.policy();
        return w.withPolicy(new Policy(
                p.restart(),
                p.flapping(),
                p.logs(),
                p.rollout(),
                probes,
                p.terminationGracePeriod(),
                p.stopSignal(),
                null,
                p.killMode(),
                null));
    }

    private static Workload web() {
        return probed(Units.process("web", "run"), new Probes(STARTUP, OTHER, OTHER));
    }

    private static Bench running(Workload workload) {
        return new Bench(workload).spawned("web");
    }

    private static Bench result(Bench bench, Probe.Kind kind, Outcome outcome) {
        return result(bench, kind, outcome, null);
    }

    private static Bench result(Bench bench, Probe.Kind kind, Outcome outcome, Obstacle.@Nullable PortInUse foreign) {
        long launch = bench.unit("web").launch();
        return bench.feed(new Event.ProbeResult("web", launch, kind, outcome, outcome + " it said", foreign));
    }

    private static List<Probe.Kind> begun(Bench bench) {
        return bench.effects.stream()
                .filter(Effect.StartProbe.class::isInstance)
                .map(e -> ((Effect.StartProbe) e).kind())
                .toList();
    }

    @Test
    @DisplayName("P03: nine minutes of start-up with a budget of ten: nobody asks for liveness, then all is well")
    void p03NineOfTenMinutes() {
        var bench = running(web());
        assertThat(begun(bench)).containsExactly(Probe.Kind.STARTUP);
        for (int i = 0; i < 9 * 60; i++) {
            result(bench.later(Duration.ofSeconds(1)), Probe.Kind.STARTUP, Outcome.FAILURE);
            assertThat(begun(bench)).isEmpty();
            // A result of a probe that should not run yet is none.
            result(bench, Probe.Kind.LIVENESS, Outcome.FAILURE);
            assertThat(bench.unit("web").phase()).isInstanceOf(Phase.Running.class);
        }
        result(bench, Probe.Kind.STARTUP, Outcome.SUCCESS);
        assertThat(begun(bench)).containsExactly(Probe.Kind.READINESS, Probe.Kind.LIVENESS);
        assertThat(bench.unit("web").ready()).isFalse();
        result(bench, Probe.Kind.READINESS, Outcome.SUCCESS);
        assertThat(bench.unit("web").ready()).isTrue();
    }

    @Test
    @DisplayName("P03: ten minutes are too many")
    void p03TenMinutes() {
        var bench = running(web());
        result(bench, Probe.Kind.STARTUP, Outcome.FAILURE);
        assertThat(bench.untilTimer("web")).isEqualTo(Duration.ofMinutes(10));
        assertThat(bench.unit("web").phase())
                .isInstanceOfSatisfying(
                        Phase.Stopping.class, s -> assertThat(s.why()).isEqualTo(Phase.Why.STARTUP));
    }

    @Test
    @DisplayName("P02: thresholds count results in a row, and what could not be run counts as nothing")
    void p02Thresholds() {
        var bench = result(running(web()), Probe.Kind.STARTUP, Outcome.SUCCESS);
        for (var outcome : List.of(
                Outcome.FAILURE, Outcome.FAILURE, Outcome.SUCCESS, Outcome.FAILURE, Outcome.UNKNOWN, Outcome.FAILURE)) {
            result(bench, Probe.Kind.LIVENESS, outcome);
            assertThat(bench.unit("web").phase()).isInstanceOf(Phase.Running.class);
        }
        result(bench, Probe.Kind.LIVENESS, Outcome.FAILURE);
        assertThat(bench.effects).filteredOn(Effect.StopProbe.class::isInstance).hasSize(3);
        assertThat(bench.effects).filteredOn(Effect.Signal.class::isInstance).hasSize(1);
        result(bench, Probe.Kind.LIVENESS, Outcome.FAILURE);
        assertThat(bench.effects).filteredOn(Effect.Signal.class::isInstance).isEmpty();
    }

    @Test
    @DisplayName("P07: somebody else on a declared port is PortConflict; the next launch waits until the port is free")
    void p07DeclaredPort() {
        var foreign = new Obstacle.PortInUse(8001, 99, "python3");
        var bench = running(probed(Units.endpoint("web", 8001), new Probes(STARTUP, null, null)));
        result(bench, Probe.Kind.STARTUP, Outcome.FAILURE, foreign);
        assertThat(bench.unit("web").conditions().get(Condition.Type.PortConflict))
                .singleElement()
                .satisfies(c -> assertThat(c.message()).contains("8001", "99", "python3"));
        bench.untilTimer("web");
        bench.exited("web", 0);
        assertThat(bench.gate("web")).isEqualTo("PortConflict");
        bench.feed(new Event.Inspected("web", bench.unit("web").launch(), null, ""));
        assertThat(bench.unit("web").phase()).isInstanceOf(Phase.Launching.class);
    }

    @Test
    @DisplayName("P07: somebody else on an allotted port: the next launch gets another")
    void p07AllottedPort() {
        var workload = Units.endpoint("web", 0);
        var t = workload.template();
        var allotted = new Workload(
                "web",
                workload.kind(),
                null,
                workload.labels(),
                workload.roles(),
                1,
                0,
                List.of(),
                new mlxstack.spec.Template(
                        t.engine(),
                        t.model(),
                        t.command(),
                        t.args(),
                        t.env(),
                        t.envFrom(),
                        null,
                        null,
                        List.of(),
                        null,
                        null,
                        t.restartTriggers()),
                "hash",
                workload.policy(),
                null,
                null);
        var bench = running(probed(allotted, new Probes(STARTUP, null, null)));
        int port = java.util.Objects.requireNonNull(bench.unit("web").port());
        result(bench, Probe.Kind.STARTUP, Outcome.FAILURE, new Obstacle.PortInUse(port, 99, "python3"));
        bench.untilTimer("web");
        bench.exited("web", 0);
        assertThat(bench.unit("web").conditions().containsKey(Condition.Type.PortConflict))
                .isFalse();
        bench.untilTimer("web");
        assertThat(bench.unit("web").phase()).isInstanceOf(Phase.Launching.class);
        assertThat(bench.unit("web").port()).isNotNull().isNotEqualTo(port);
    }

    @Test
    @DisplayName("P07: the conflict is over when its own server answers")
    void p07ConflictEnds() {
        var bench = running(probed(Units.endpoint("web", 8001), new Probes(STARTUP, null, null)));
        result(bench, Probe.Kind.STARTUP, Outcome.FAILURE, new Obstacle.PortInUse(8001, 99, "python3"));
        result(bench, Probe.Kind.STARTUP, Outcome.SUCCESS);
        assertThat(bench.unit("web").ready()).isTrue();
        assertThat(bench.unit("web").conditions().containsKey(Condition.Type.PortConflict))
                .isFalse();
    }
}
