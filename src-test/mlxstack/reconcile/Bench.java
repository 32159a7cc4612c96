package mlxstack.reconcile;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import mlxstack.spec.Gateway;
import mlxstack.spec.Policy;
import mlxstack.spec.Probes;
import mlxstack.spec.RestartPolicy;
import mlxstack.spec.Stack;
import mlxstack.spec.Workload;
import org.jspecify.annotations.Nullable;

/** A core on the bench: fed one event at a time, by virtual time, with the latest effects at hand. */
final class Bench {

    State state = State.initial(new StackRecord("home", 7, Map.of(), null, null));
    List<Effect> effects = List.of();
    Duration time = Duration.ZERO;
    private long number = 1;
    private final List<Workload> workloads = new ArrayList<>();

    Bench(Workload... workloads) {
        feed(new Event.Recovered(state.stack(), null, List.of(), List.of()));
        accept(workloads);
    }

    Now now() {
        return new Now(Duration.ofDays(1).plus(time).toNanos(), "boot", Units.NOW.plus(time));
    }

    Bench feed(Event event) {
        Step step = Reconciler.step(state, event, now());
        state = step.state();
        effects = step.effects();
        return this;
    }

    Bench accept(Workload... next) {
        workloads.clear();
        workloads.addAll(List.of(next));
        var gateway = new Gateway(Gateway.Engine.NONE, "127.0.0.1", 4000);
        var stack = new Stack("home", Map.of(), Map.of(), null, workloads, List.of(), gateway, List.of());
        return feed(new Event.SpecAccepted(new Revision(number++, "0".repeat(64), now().wall(), null, "s", stack)));
    }

    Unit unit(String name) {
        Unit unit = state.unit(name);
        if (unit == null) {
            throw new AssertionError("no unit " + name);
        }
        return unit;
    }

    /** Why the name is not being started; empty when nothing holds it. */
    String gate(String name) {
        Unit.Gate gate = unit(name).gate();
        return gate == null ? "" : gate.reason();
    }

    Bench command(Command command) {
        return feed(new Event.Commanded(command));
    }

    Bench spawned(String name) {
        long launch = unit(name).launch();
        return feed(new Event.ProcessSpawned(name, launch, new Identity("boot", 1000 + launch, launch), "cmd"));
    }

    Bench exited(String name, int code) {
        feed(new Event.ProcessExited(name, unit(name).launch(), new ExitStatus.Code(code)));
        return feed(new Event.Cleared(name, unit(name).launch(), true, List.of()));
    }

    Bench later(Duration by) {
        time = time.plus(by);
        return this;
    }

    /** Moves time to the unit's timer and lets it fire; the time it took. */
    Duration untilTimer(String name) {
        Long at = unit(name).timer();
        if (at == null) {
            throw new AssertionError("no timer for " + name);
        }
        var wait = Duration.ofNanos(Math.max(0, at - now().awake()));
        later(wait).feed(new Event.TimerFired(name, at));
        return wait;
    }

    boolean did(Class<? extends Effect> kind) {
        return effects.stream().anyMatch(kind::isInstance);
    }

    <T extends Effect> @Nullable T first(Class<T> kind) {
        return effects.stream()
                .filter(kind::isInstance)
                .map(kind::cast)
                .findFirst()
                .orElse(null);
    }

    static Workload process(String name) {
        return policy(Units.process(name, "run", name), RestartPolicy.When.ALWAYS, 0);
    }

    /** @param flapping restarts in the window that hold it; 0 is off */
    static Workload policy(Workload w, RestartPolicy.When when, int flapping) {
        Policy p = w.policy();
        var backoff = new RestartPolicy.Backoff(
                Duration.ofSeconds(1), 2, Duration.ofSeconds(60), 0.25, Duration.ofMinutes(10));
        return w.withPolicy(new Policy(
                new RestartPolicy(when, backoff, p.restart().permanentExitCodes()),
                new mlxstack.spec.Flapping(
                        flapping,
                        p.flapping().window(),
                        p.flapping().holdInitial(),
                        p.flapping().holdMax()),
                p.logs(),
                p.rollout(),
                Probes.NONE,
                p.terminationGracePeriod(),
                p.stopSignal(),
                null,
                p.killMode(),
                p.memory()));
    }

    static Workload hash(Workload w, String hash) {
        return new Workload(
                w.name(),
                w.kind(),
                w.description(),
                w.labels(),
                w.roles(),
                w.replicas(),
                w.priority(),
                w.dependsOn(),
                w.template(),
                hash,
                w.policy(),
                w.reload(),
                w.queue());
    }

    static Workload dependsOn(Workload w, String name, mlxstack.spec.Dependency.Condition condition) {
        return new Workload(
                w.name(),
                w.kind(),
                w.description(),
                w.labels(),
                w.roles(),
                w.replicas(),
                w.priority(),
                List.of(new mlxstack.spec.Dependency(name, condition)),
                w.template(),
                w.templateHash(),
                w.policy(),
                w.reload(),
                w.queue());
    }
}
