package mlxstack.probe;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import mlxstack.reconcile.Effect;
import mlxstack.reconcile.Event;
import mlxstack.reconcile.Units;
import mlxstack.spec.ExecAction;
import mlxstack.spec.Policy;
import mlxstack.spec.Reload;
import mlxstack.spec.Workload;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Whatever becomes of a hook's command, the core gets its answer. */
class HooksTest {

    private final LinkedBlockingQueue<Event> events = new LinkedBlockingQueue<>();
    private final List<String> signals = new ArrayList<>();
    private volatile Asked.Runner runner = (_, _) -> new Commands.Result.Ended(true, "exit code 0", "");
    private boolean alive = true;
    private final List<String> drained = new ArrayList<>();
    private final Hooks hooks = new Hooks(
            events::add,
            (_, command, timeout) -> runner.run(command, timeout),
            (name, launch, _, signal) -> signals.add(name + launch + signal) && alive,
            (name, most) -> drained.add(name + " " + most));

    @AfterEach
    void close() {
        hooks.close();
    }

    private static Workload workload(@Nullable ExecAction preStop, @Nullable Reload reload) {
        var w = Units.process("web", "run");
        var p = w.policy();
        return new Workload(
                w.name(),
                w.kind(),
                null,
                w.labels(),
                w.roles(),
                1,
                0,
                List.of(),
                w.template(),
                w.templateHash(),
                new Policy(
                        p.restart(),
                        p.flapping(),
                        p.logs(),
                        p.rollout(),
                        p.probes(),
                        p.terminationGracePeriod(),
                        p.stopSignal(),
                        preStop,
                        p.killMode(),
                        null),
                reload,
                null);
    }

    private Event preStop(@Nullable ExecAction action, long nanos) throws InterruptedException {
        hooks.apply(new Effect.PreStop("web", 3, workload(action, null), nanos, 0));
        return next();
    }

    private Event reload(@Nullable Reload reload) throws InterruptedException {
        hooks.apply(new Effect.Reload("web", 3, Asked.IDENTITY, workload(null, reload)));
        return next();
    }

    private Event next() throws InterruptedException {
        return java.util.Objects.requireNonNull(events.poll(60, TimeUnit.SECONDS));
    }

    private static final ExecAction DRAIN = new ExecAction(List.of("drain"), Duration.ofSeconds(20));

    @Test
    void preStopIsDoneWithoutAWordWhenAllIsWell() throws InterruptedException {
        assertThat(preStop(DRAIN, Long.MAX_VALUE)).isEqualTo(new Event.PreStopDone("web", 3, ""));
        assertThat(preStop(null, 1)).isEqualTo(new Event.PreStopDone("web", 3, ""));
    }

    @Test
    void theGatewaysRequestsEndBeforeTheCommandRuns() throws InterruptedException {
        runner = (_, _) -> new Commands.Result.Ended(drained.size() == 1, "nobody was waited for", "");
        long drain = Duration.ofSeconds(25).toNanos();
        hooks.apply(new Effect.PreStop("web", 3, workload(DRAIN, null), Long.MAX_VALUE, drain));
        assertThat(next()).isEqualTo(new Event.PreStopDone("web", 3, ""));
        hooks.apply(new Effect.PreStop("web", 4, workload(null, null), 0, drain));
        assertThat(next()).isEqualTo(new Event.PreStopDone("web", 4, ""));
        assertThat(drained).containsExactly("web PT25S", "web PT25S");
    }

    @Test
    void preStopHasTheShorterOfBothTimes() throws InterruptedException {
        var given = new LinkedBlockingQueue<Duration>();
        runner = (_, timeout) -> {
            given.add(timeout);
            return new Commands.Result.TimedOut("draining\n");
        };
        assertThat(preStop(DRAIN, Duration.ofSeconds(5).toNanos()))
                .isEqualTo(new Event.PreStopDone("web", 3, "preStop did not end within 5s and was killed: draining"));
        preStop(DRAIN, Duration.ofMinutes(5).toNanos());
        assertThat(given).containsExactly(Duration.ofSeconds(5), Duration.ofSeconds(20));
    }

    @Test
    void whatGoesWrongIsSaid() throws InterruptedException {
        runner = (_, _) -> new Commands.Result.Ended(false, "exit code 4", "no\nway");
        assertThat(preStop(DRAIN, 1_000_000))
                .isEqualTo(new Event.PreStopDone("web", 3, "preStop ended with exit code 4: no way"));
        runner = (_, _) -> new Commands.Result.NotRun("drain was not found");
        assertThat(reload(new Reload.ByExec(List.of("drain"))))
                .isEqualTo(new Event.Reloaded("web", 3, false, "reload could not be run: drain was not found"));
        runner = (_, _) -> {
            throw new IllegalStateException("a bug");
        };
        assertThat(preStop(DRAIN, 1_000_000))
                .isInstanceOfSatisfying(
                        Event.PreStopDone.class,
                        done -> assertThat(done.message()).contains("a bug"));
    }

    @Test
    void reloadSignalsOrRuns() throws InterruptedException {
        assertThat(reload(new Reload.BySignal("HUP"))).isEqualTo(new Event.Reloaded("web", 3, true, "told to reload"));
        assertThat(signals).containsExactly("web3HUP");
        assertThat(reload(new Reload.ByExec(List.of("kick"))))
                .isEqualTo(new Event.Reloaded("web", 3, true, "told to reload"));
        alive = false;
        assertThat(reload(new Reload.BySignal("HUP")))
                .isEqualTo(new Event.Reloaded("web", 3, false, "HUP could not be sent: the process has ended"));
        assertThat(reload(null)).isEqualTo(new Event.Reloaded("web", 3, false, "nothing is declared under reload"));
    }

    @Test
    void closingBreaksOffWhatRuns() throws InterruptedException {
        var begun = new CountDownLatch(1);
        runner = (_, _) -> {
            begun.countDown();
            new CountDownLatch(1).await();
            throw new IllegalStateException();
        };
        hooks.apply(new Effect.PreStop("web", 3, workload(DRAIN, null), Long.MAX_VALUE, 0));
        begun.await();
        hooks.close();
        assertThat(events).isEmpty();
    }
}
