package mlxstack.reconcile;

import io.vavr.collection.HashMap;
import io.vavr.collection.Vector;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import mlxstack.spec.EngineKind;
import mlxstack.spec.Flapping;
import mlxstack.spec.Gateway;
import mlxstack.spec.LogPolicy;
import mlxstack.spec.MemoryPolicy;
import mlxstack.spec.Policy;
import mlxstack.spec.Probe;
import mlxstack.spec.Probes;
import mlxstack.spec.Quantity;
import mlxstack.spec.RestartPolicy;
import mlxstack.spec.Rollout;
import mlxstack.spec.Stack;
import mlxstack.spec.Template;
import mlxstack.spec.Workload;
import org.jspecify.annotations.Nullable;

/** States made by hand, for everything that only looks at them. */
public final class Units {

    /** The present of every state made here. */
    public static final Instant NOW = Instant.parse("2026-03-14T12:00:00Z");

    private static final String BOOT = "boot-1";
    private static final long AWAKE = Duration.ofDays(2).toNanos();

    private Units() {}

    public static Now now() {
        return now(Duration.ZERO);
    }

    public static Now now(Duration later) {
        return new Now(AWAKE + later.toNanos(), BOOT, NOW.plus(later));
    }

    public static Instant ago(Duration length) {
        return NOW.minus(length);
    }

    public static Workload endpoint(String name, int port) {
        return workload(
                name,
                Workload.Kind.ENDPOINT,
                template(EngineKind.LLAMA_SERVER, "Qwen3-8B-Q4_K_M.gguf", List.of(), port),
                6L << 30);
    }

    public static Workload process(String name, String... command) {
        return workload(name, Workload.Kind.PROCESS, template(EngineKind.COMMAND, null, List.of(command), null), null);
    }

    public static Workload gateway(int port) {
        return workload(
                Workload.GATEWAY, Workload.Kind.GATEWAY, template(EngineKind.GATEWAY, null, List.of(), port), null);
    }

    private static Template template(
            EngineKind engine, @Nullable String model, List<String> command, @Nullable Integer port) {
        return new Template(
                engine, model, command, List.of(), Map.of(), List.of(), null, port, List.of(), null, null, Map.of());
    }

    private static Workload workload(String name, Workload.Kind kind, Template template, @Nullable Long memory) {
        var second = Duration.ofSeconds(1);
        var readiness = new Probe(new Probe.Handler.Health(), Duration.ZERO, second.multipliedBy(5), second, 1, 3);
        var policy = new Policy(
                new RestartPolicy(
                        RestartPolicy.When.ALWAYS,
                        new RestartPolicy.Backoff(second, 2, Duration.ofMinutes(1), 0.25, Duration.ofMinutes(10)),
                        Set.of(78, 126, 127)),
                new Flapping(5, Duration.ofMinutes(10), Duration.ofMinutes(5), Duration.ofHours(1)),
                new LogPolicy(50L << 20, 5),
                new Rollout(Rollout.Strategy.RECREATE, Duration.ofMinutes(10), false),
                kind == Workload.Kind.ENDPOINT ? new Probes(null, readiness, null) : Probes.NONE,
                Duration.ofSeconds(30),
                "TERM",
                null,
                kind == Workload.Kind.ENDPOINT ? Policy.KillMode.ALL : Policy.KillMode.SESSION,
                memory);
        return new Workload(
                name,
                kind,
                null,
                Map.of("tier", kind == Workload.Kind.ENDPOINT ? "model" : "helper"),
                List.of(),
                1,
                0,
                List.of(),
                template,
                "v1:" + name + String.join("-", template.command()),
                policy,
                null,
                null);
    }

    /** Something that has happened to a unit. */
    public interface Change {
        void on(Unit.Builder b);
    }

    /** A unit of that definition, created two hours ago, to which all that has happened. */
    public static Unit unit(Workload spec, Change... changes) {
        var builder = Unit.created(spec, ago(Duration.ofHours(2))).edit();
        builder.observedGeneration = 1;
        for (Change change : changes) {
            change.on(builder);
        }
        return builder.build();
    }

    public static Unit ready(Workload spec, long pid) {
        return unit(spec, ready(pid));
    }

    public static Change ready(long pid) {
        return b -> {
            running(pid, true, true).on(b);
            condition(Condition.Type.Ready, Condition.Status.True, "Ready", "").on(b);
        };
    }

    /** Runs and is not Ready: still starting, or {@code started}, Ready once and failing its readiness probe now. */
    public static Change running(long pid, boolean started, boolean ready) {
        return b -> {
            b.launch = 3;
            b.launched = b.spec;
            b.lastReady = started ? b.spec : null;
            var probes = new ProbeTrack(
                    started, ready, ProbeTrack.Count.NONE, ProbeTrack.Count.NONE, ready || !started ? "" : "HTTP 503");
            b.phase = new Phase.Running(
                    new Identity(BOOT, pid, 4711),
                    AWAKE - Duration.ofMinutes(30).toNanos(),
                    ago(Duration.ofMinutes(30)),
                    probes,
                    ready ? AWAKE - Duration.ofMinutes(29).toNanos() : null,
                    false);
            if (!ready) {
                condition(Condition.Type.Ready, Condition.Status.False, started ? "NotReady" : "Starting", "")
                        .on(b);
            }
        };
    }

    /** Ended by itself {@code failures} times in a row and waiting 20 s. */
    public static Change crashing(int failures, ExitStatus status) {
        return b -> {
            b.launch = failures;
            b.launched = b.spec;
            b.last = new UnitRecord.Ended(
                    failures, status, "Error", ago(Duration.ofSeconds(20)), ago(Duration.ofSeconds(12)));
            var delay = Duration.ofSeconds(20);
            b.streak = new Streak(
                    failures,
                    failures,
                    new Wait(Wait.Reason.BACK_OFF, BOOT, AWAKE + delay.toNanos(), delay, NOW.plusSeconds(8)),
                    Vector.empty(),
                    null,
                    false);
            condition(Condition.Type.Ready, Condition.Status.False, "CrashLoopBackOff", "back-off 20s")
                    .on(b);
        };
    }

    public static Change held() {
        return b -> {
            crashing(5, new ExitStatus.Signal(11, "SEGV", true)).on(b);
            var delay = Duration.ofMinutes(5);
            b.streak = new Streak(
                    5,
                    5,
                    new Wait(Wait.Reason.HOLD, BOOT, AWAKE + delay.toNanos(), delay, NOW.plus(delay)),
                    Vector.empty(),
                    delay,
                    false);
            condition(Condition.Type.Flapping, Condition.Status.True, "Held", "5 restarts within 10m")
                    .on(b);
        };
    }

    public static Change obstacle(Obstacle obstacle) {
        return b -> {
            b.obstacle = obstacle;
        };
    }

    public static Change gate(String reason, String message) {
        return b -> {
            b.gate = new Unit.Gate(reason, message, null);
        };
    }

    public static Change stopped(String by, Duration ago) {
        return b -> {
            b.stopped = new Command.Mark(by, ago(ago), null, null);
        };
    }

    public static Change suspendedUntil(String by, String reason, long until) {
        return b -> {
            b.suspended = new Command.Mark(by, ago(Duration.ZERO), reason, until);
        };
    }

    public static Change suspended(String by, Duration ago) {
        return b -> {
            b.suspended = new Command.Mark(by, ago(ago), null, null);
        };
    }

    public static Change completed() {
        return b -> {
            b.launch = 1;
            b.last = new UnitRecord.Ended(
                    1, new ExitStatus.Code(0), "Completed", ago(Duration.ofMinutes(3)), ago(Duration.ofMinutes(1)));
            b.finish = new UnitRecord.Finish(false, "Completed", "", b.spec.templateHash());
        };
    }

    public static Change failed() {
        return b -> {
            b.launch = 1;
            b.last = new UnitRecord.Ended(
                    1, new ExitStatus.Code(78), "Error", ago(Duration.ofMinutes(3)), ago(Duration.ofMinutes(1)));
            b.finish = new UnitRecord.Finish(
                    true, "Error", "exit code 78 is permanent: change the definition", b.spec.templateHash());
        };
    }

    public static Change stopping(long pid, Phase.Why why) {
        return b -> {
            b.phase = new Phase.Stopping(
                    new Identity(BOOT, pid, 4711), why, true, AWAKE, 0, AWAKE, ago(Duration.ofMinutes(30)));
        };
    }

    public static Change progress(long generation, boolean exceeded) {
        return b -> {
            b.generation = generation;
            b.observedGeneration = generation - 1;
            b.progress = new Progress(AWAKE, AWAKE, exceeded, null);
        };
    }

    public static Change generation(long generation, long observed) {
        return b -> {
            b.generation = generation;
            b.observedGeneration = observed;
        };
    }

    public static Change launch(long number) {
        return b -> {
            b.launch = number;
        };
    }

    public static Change removed() {
        return b -> {
            b.removed = true;
        };
    }

    public static Change condition(Condition.Type type, Condition.Status status, String reason, String message) {
        return b -> {
            b.conditions =
                    b.conditions.put(type, new Condition(type, status, reason, message, ago(Duration.ofMinutes(29))));
        };
    }

    public static State state(Unit... units) {
        var specs = java.util.Arrays.stream(units).map(Unit::spec).toList();
        var stack = new Stack(
                "home",
                Map.of("host", "studio"),
                Map.of(),
                new MemoryPolicy(new Quantity.Percent(40), new Quantity.Bytes(8L << 30)),
                specs,
                List.of(),
                new Gateway(Gateway.Engine.BUILTIN, "127.0.0.1", 4000),
                List.of());
        return state(
                new Revision(
                        7,
                        "3f9ac1".repeat(10) + "abcd",
                        ago(Duration.ofHours(1)),
                        "4be1f20",
                        "/home/ada/stack.yaml",
                        stack),
                units);
    }

    public static State state(Revision revision, Unit... units) {
        var all = HashMap.<String, Unit>empty();
        var desired = HashMap.<String, Workload>empty();
        for (Unit unit : units) {
            all = all.put(unit.name(), unit);
            desired = desired.put(unit.name(), unit.spec());
        }
        var empty = State.initial(new StackRecord("home-1", 42, Map.of(), null, null));
        return new State(
                empty.stack(),
                true,
                revision,
                null,
                new Source(Source.Standing.VALID, "/home/ada/stack.yaml", revision.digest(), List.of()),
                desired,
                all,
                empty.dependents(),
                empty.pending(),
                64L << 30,
                12L << 30,
                empty.portHolders(),
                empty.avoided(),
                true,
                null,
                null);
    }

    /** The same state with another unit of that name. */
    public static State with(State s, Unit unit) {
        return units(s, s.units().put(unit.name(), unit));
    }

    public static State without(State s, String name) {
        return units(s, s.units().remove(name));
    }

    private static State units(State s, io.vavr.collection.Map<String, Unit> units) {
        return new State(
                s.stack(),
                s.recovered(),
                s.revision(),
                s.held(),
                s.source(),
                s.desired(),
                units,
                s.dependents(),
                s.pending(),
                s.memoryTotal(),
                s.memoryReserved(),
                s.portHolders(),
                s.avoided(),
                s.durable(),
                s.gateway(),
                s.gatewayObserved());
    }

    public static State source(State s, Source source) {
        return copy(s, s.stack(), s.held(), source);
    }

    public static State held(State s, List<String> deletes, String digest) {
        return copy(
                s,
                s.stack(),
                new State.Held(java.util.Objects.requireNonNull(s.revision()), deletes, digest),
                s.source());
    }

    public static State down(State s, String by) {
        var stack = s.stack();
        var mark = new Command.Mark(by, ago(Duration.ofMinutes(5)), null, null);
        return copy(
                s,
                new StackRecord(stack.homeId(), stack.seed(), stack.ports(), mark, stack.suspended()),
                s.held(),
                s.source());
    }

    private static State copy(State s, StackRecord stack, State.@Nullable Held held, Source source) {
        return new State(
                stack,
                s.recovered(),
                s.revision(),
                held,
                source,
                s.desired(),
                s.units(),
                s.dependents(),
                s.pending(),
                s.memoryTotal(),
                s.memoryReserved(),
                s.portHolders(),
                s.avoided(),
                s.durable(),
                s.gateway(),
                s.gatewayObserved());
    }
}
