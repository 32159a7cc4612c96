package mlxstack.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import mlxstack.spec.Dependency;
import mlxstack.spec.ExecAction;
import mlxstack.spec.Policy;
import mlxstack.spec.Workload;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** How things are made to end, in virtual time. */
class StopRulesTest {

    private static final Duration GRACE = Duration.ofSeconds(30);

    private static Bench dbAndWeb() {
        var web = Bench.dependsOn(Bench.process("web"), "db", Dependency.Condition.READY);
        return new Bench(Bench.process("db"), web).spawned("db").spawned("web");
    }

    private static boolean signals(Bench bench, String name, String signal) {
        return bench.effects.stream()
                .anyMatch(e -> e instanceof Effect.Signal s
                        && s.name().equals(name)
                        && s.signal().equals(signal));
    }

    @Test
    @DisplayName(
            "S01 KILL follows TERM after the grace period, and again every ten seconds; S07 nothing is started meanwhile")
    void s01KillAfterGrace() {
        var bench = new Bench(Bench.process("a")).spawned("a");
        bench.command(new Command.Restart("a", "me"));
        assertThat(signals(bench, "a", "TERM")).isTrue();
        assertThat(bench.untilTimer("a")).isEqualTo(GRACE);
        assertThat(signals(bench, "a", "KILL")).isTrue();
        for (int i = 0; i < 3; i++) {
            assertThat(bench.untilTimer("a")).isEqualTo(Duration.ofSeconds(10));
            assertThat(signals(bench, "a", "KILL")).isTrue();
            assertThat(bench.did(Effect.Spawn.class)).isFalse();
        }
        bench.exited("a", 0);
        assertThat(bench.did(Effect.Spawn.class)).isTrue();
    }

    @Test
    @DisplayName("S10 down ends a dependent first, and what it depends on when it is gone")
    void s10ReverseOrder() {
        var bench = dbAndWeb();
        bench.command(new Command.Down("me"));
        assertThat(signals(bench, "web", "TERM")).isTrue();
        assertThat(signals(bench, "db", "TERM")).isFalse();
        bench.exited("web", 0);
        assertThat(signals(bench, "db", "TERM")).isTrue();
    }

    @Test
    @DisplayName("S10 what is taken out of the file together ends in the same order")
    void s10RemovedTogether() {
        Workload[] others = {Bench.process("x"), Bench.process("y")};
        var web = Bench.dependsOn(Bench.process("web"), "db", Dependency.Condition.READY);
        var bench = new Bench(Bench.process("db"), web, others[0], others[1])
                .spawned("x")
                .spawned("y");
        bench.spawned("db").spawned("web");
        bench.accept(others);
        assertThat(signals(bench, "web", "TERM")).isTrue();
        assertThat(signals(bench, "db", "TERM")).isFalse();
        bench.exited("web", 0);
        assertThat(signals(bench, "db", "TERM")).isTrue();
    }

    @Test
    @DisplayName("S10 a dependent that not even KILL ends holds up what it depends on for ten seconds, and no longer")
    void s10UnkillableDependent() {
        var bench = dbAndWeb();
        bench.command(new Command.Down("me"));
        bench.untilTimer("web");
        assertThat(signals(bench, "db", "TERM")).isFalse();
        bench.untilTimer("web");
        assertThat(signals(bench, "db", "TERM")).isTrue();
    }

    @Test
    @DisplayName("S10 a dependent that leaves something behind which does not end does not hold up what it depends on")
    void s10UnclearedDependent() {
        var bench = dbAndWeb();
        bench.command(new Command.Down("me"));
        bench.feed(new Event.ProcessExited("web", 1, new ExitStatus.Code(0)));
        assertThat(signals(bench, "db", "TERM")).isFalse();
        bench.feed(new Event.Cleared("web", 1, false, List.of("sleep (pid 7) does not end, not even after KILL")));
        assertThat(signals(bench, "db", "TERM")).isTrue();
        assertThat(bench.unit("web").phase()).isInstanceOf(Phase.Clearing.class);
    }

    @Test
    @DisplayName("S11 a pre-stop command that used up the grace period is told, though KILL was faster")
    void s11PreStopIsTold() {
        var bench = new Bench(preStop(Bench.process("a"))).spawned("a");
        bench.command(new Command.Stop("a", "me", null));
        assertThat(bench.first(Effect.PreStop.class))
                .isNotNull()
                .extracting(Effect.PreStop::timeoutNanos)
                .isEqualTo(GRACE.toNanos());
        assertThat(bench.untilTimer("a")).isEqualTo(GRACE);
        assertThat(signals(bench, "a", "KILL")).isTrue();
        bench.feed(new Event.ProcessExited("a", 1, new ExitStatus.Signal(9, "KILL", false)));
        bench.feed(new Event.PreStopDone("a", 1, "preStop did not end within 30s and was killed"));
        assertThat(bench.effects)
                .anyMatch(
                        e -> e instanceof Effect.EmitEvent told && told.reason().equals("PreStopFailed"));
        assertThat(signals(bench, "a", "TERM")).isFalse();
    }

    private static Workload preStop(Workload w) {
        Policy p = w.policy();
        return w.withPolicy(new Policy(
                p.restart(),
                p.flapping(),
                p.logs(),
                p.rollout(),
                p.probes(),
                p.terminationGracePeriod(),
                p.stopSignal(),
                new ExecAction(List.of("sleep", "1000"), Duration.ofMinutes(5)),
                p.killMode(),
                p.memory()));
    }
}
