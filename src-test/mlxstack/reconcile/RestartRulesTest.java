package mlxstack.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import mlxstack.spec.Dependency;
import mlxstack.spec.RestartPolicy;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Restart and back-off at their default values, in virtual time. */
class RestartRulesTest {

    private static final Duration SECOND = Duration.ofSeconds(1);

    @Test
    @DisplayName(
            "R01 a service that exits 1 at once is started at 0, 1, 3, 7, 15, 31, 63, 123 s, jitter up to 25 % on top")
    void r01TheCurve() {
        var bench = new Bench(Bench.process("a"));
        assertThat(bench.did(Effect.Spawn.class)).isTrue();
        long[] delays = {1, 2, 4, 8, 16, 32, 60, 60, 60};
        for (int i = 0; i < delays.length; i++) {
            bench.spawned("a").exited("a", 1);
            Unit unit = bench.unit("a");
            assertThat(bench.gate("a")).isEqualTo(i == 0 ? "BackOff" : "CrashLoopBackOff");
            assertThat(unit.streak().waiting())
                    .isNotNull()
                    .extracting(Wait::wall)
                    .isEqualTo(bench.now().wallAt(java.util.Objects.requireNonNull(unit.timer())));
            Duration waited = bench.untilTimer("a");
            assertThat(waited).isBetween(Duration.ofSeconds(delays[i]), Duration.ofMillis(delays[i] * 1250));
            assertThat(bench.did(Effect.Spawn.class)).isTrue();
        }
        assertThat(bench.unit("a").streak().restarts()).isEqualTo(delays.length);
    }

    @Test
    @DisplayName("R02 exit code 0 under Always follows the same curve, and the reason reads Completed")
    void r02CompletedUnderAlways() {
        var bench = new Bench(Bench.process("a")).spawned("a").exited("a", 0);
        assertThat(bench.unit("a").last())
                .isNotNull()
                .extracting(UnitRecord.Ended::reason)
                .isEqualTo("Completed");
        assertThat(bench.untilTimer("a")).isBetween(SECOND, Duration.ofMillis(1250));
    }

    @Test
    @DisplayName("R03 exit code 0 under OnFailure is not followed by a start")
    void r03CompletedUnderOnFailure() {
        var spec = Bench.policy(Bench.process("a"), RestartPolicy.When.ON_FAILURE, 0);
        var bench = new Bench(spec).spawned("a").exited("a", 0);
        assertThat(bench.gate("a")).isEqualTo("Completed");
        assertThat(bench.unit("a").timer()).isNull();
        bench.later(Duration.ofHours(1)).feed(new Event.Resync());
        assertThat(bench.did(Effect.Spawn.class)).isFalse();
    }

    @Test
    @DisplayName("R04 after the reset period of Ready a crash waits the initial delay again")
    void r04Reset() {
        var bench = new Bench(Bench.process("a"));
        for (int i = 0; i < 4; i++) {
            bench.spawned("a").exited("a", 1);
            bench.untilTimer("a");
        }
        bench.spawned("a");
        assertThat(bench.untilTimer("a")).isEqualTo(Duration.ofMinutes(10));
        bench.later(SECOND).exited("a", 1);
        assertThat(bench.untilTimer("a")).isBetween(SECOND, Duration.ofMillis(1250));
    }

    @Test
    @DisplayName("R04 health for the reset period counts, even if the crash is heard of before the timer")
    void r04ResetBeforeItsTimer() {
        var bench = new Bench(Bench.process("a"));
        for (int i = 0; i < 4; i++) {
            bench.spawned("a").exited("a", 1);
            bench.untilTimer("a");
        }
        bench.spawned("a").later(Duration.ofMinutes(10)).exited("a", 1);
        assertThat(bench.unit("a").streak().failures()).isEqualTo(1);
        assertThat(bench.untilTimer("a")).isBetween(SECOND, Duration.ofMillis(1250));
    }

    @Test
    @DisplayName("R05 crashes with Ready in between hold it as Flapping; the hold doubles, and health ends it")
    void r05Flapping() {
        var spec = Bench.policy(Bench.process("a"), RestartPolicy.When.ALWAYS, 5);
        var bench = new Bench(spec);
        for (int i = 0; i < 5; i++) {
            bench.spawned("a").later(Duration.ofSeconds(45)).exited("a", 1);
            if (i < 4) {
                bench.untilTimer("a");
            }
        }
        assertThat(bench.unit("a").conditions().containsKey(Condition.Type.Flapping))
                .isTrue();
        assertThat(bench.untilTimer("a")).isEqualTo(Duration.ofMinutes(5));
        bench.spawned("a").later(SECOND).exited("a", 1);
        assertThat(bench.untilTimer("a")).isEqualTo(Duration.ofMinutes(10));
        bench.spawned("a");
        assertThat(bench.untilTimer("a")).isEqualTo(Duration.ofMinutes(10));
        assertThat(bench.unit("a").streak().flapping()).isFalse();
    }

    @Test
    @DisplayName("R07 a changed template during back-off starts at once with a fresh counter")
    void r07ChangedDuringBackOff() {
        var bench = new Bench(Bench.process("a")).spawned("a").exited("a", 1);
        bench.accept(Bench.hash(Bench.process("a"), "v1:other"));
        assertThat(bench.did(Effect.Spawn.class)).isTrue();
        assertThat(bench.unit("a").streak().failures()).isZero();
    }

    @Test
    @DisplayName("R08 restart during back-off starts at once with a fresh counter")
    void r08RestartDuringBackOff() {
        var bench = new Bench(Bench.process("a")).spawned("a").exited("a", 1);
        bench.command(new Command.Restart("a", "me"));
        assertThat(bench.did(Effect.Spawn.class)).isTrue();
        assertThat(bench.unit("a").streak().failures()).isZero();
    }

    @Test
    @DisplayName("G19 restart of a suspended one ends nothing; it is carried out when it is resumed")
    void g19RestartWhileSuspended() {
        var bench = new Bench(Bench.process("a")).spawned("a");
        bench.command(new Command.Suspend("a", "me", null, null)).command(new Command.Restart("a", "me"));
        assertThat(bench.unit("a").phase()).isInstanceOf(Phase.Running.class);
        bench.later(Duration.ofHours(1)).feed(new Event.Resync());
        assertThat(bench.unit("a").phase()).isInstanceOf(Phase.Running.class);
        bench.command(new Command.Resume("a", "me"));
        assertThat(bench.did(Effect.Signal.class)).isTrue();
    }

    @Test
    @DisplayName(
            "G19 a suspension of the whole stack ends by itself when its time is over, and everything is brought up to date")
    void g19ATimedSuspensionOfTheStackEnds() {
        var bench = new Bench(Bench.process("a")).spawned("a");
        long until = bench.now().in(Duration.ofMinutes(5));
        bench.command(new Command.Suspend(null, "me", null, until)).exited("a", 1);
        assertThat(bench.gate("a")).isEqualTo("Suspended");
        assertThat(bench.unit("a").timer()).isEqualTo(until);
        bench.untilTimer("a");
        assertThat(bench.state.stack().suspended()).isNull();
        assertThat(bench.did(Effect.Spawn.class)).isTrue();
    }

    @Test
    @DisplayName("R09 stop during back-off rests at once, and stays so")
    void r09StopDuringBackOff() {
        var bench = new Bench(Bench.process("a")).spawned("a").exited("a", 1);
        bench.command(new Command.Stop("a", "me", null));
        assertThat(bench.gate("a")).isEqualTo("Stopped");
        assertThat(bench.unit("a").timer()).isNull();
        bench.later(Duration.ofMinutes(5)).feed(new Event.Resync());
        assertThat(bench.did(Effect.Spawn.class)).isFalse();
    }

    @Test
    @DisplayName("R14 an exit code on the permanent list is not followed by a start until something changes")
    void r14Permanent() {
        var bench = new Bench(Bench.process("a")).spawned("a").exited("a", 78);
        assertThat(bench.unit("a").finish())
                .isNotNull()
                .extracting(UnitRecord.Finish::failed)
                .isEqualTo(true);
        bench.later(Duration.ofHours(1)).feed(new Event.Resync());
        assertThat(bench.did(Effect.Spawn.class)).isFalse();
        bench.command(new Command.Restart("a", "me"));
        assertThat(bench.did(Effect.Spawn.class)).isTrue();
    }

    @Test
    @DisplayName("R18 a dependency that is Ready again cuts a dependent's wait short, once")
    void r18DependencyIsBack() {
        var a = Bench.process("a");
        var b = Bench.dependsOn(Bench.process("b"), "a", Dependency.Condition.READY);
        var bench = new Bench(a, b).spawned("a").spawned("b");
        bench.exited("a", 1).exited("b", 1);
        bench.untilTimer("a");
        assertThat(bench.unit("b").phase()).isInstanceOf(Phase.Idle.class);
        bench.spawned("a");
        assertThat(bench.first(Effect.Spawn.class))
                .isNotNull()
                .extracting(Effect.Spawn::name)
                .isEqualTo("b");
        bench.spawned("b").exited("a", 1).exited("b", 1);
        bench.untilTimer("a");
        bench.spawned("a");
        assertThat(bench.did(Effect.Spawn.class)).isFalse();
    }

    @Test
    @DisplayName("S09 stop while waiting for a dependency, of every kind; its readiness later starts nothing")
    void s09StopWhileWaiting() {
        for (var condition : Dependency.Condition.values()) {
            var b = Bench.dependsOn(Bench.process("b"), "a", condition);
            var bench = new Bench(Bench.process("a"), b);
            bench.command(new Command.Stop("b", "me", null));
            assertThat(bench.gate("b")).isEqualTo("Stopped");
            bench.spawned("a");
            assertThat(bench.did(Effect.Spawn.class)).isFalse();
        }
    }
}
