package mlxstack.probe;

import io.vavr.control.Either;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import mlxstack.daemon.ProbePorts;
import mlxstack.engine.EngineEnvironment;
import mlxstack.engine.Engines;
import mlxstack.engine.Launch;
import mlxstack.process.CommandRunner;
import mlxstack.process.Look;
import mlxstack.process.Platform;
import mlxstack.process.PortCheck;
import mlxstack.process.Processes;
import mlxstack.process.SpawnRequest;
import mlxstack.reconcile.Effect;
import mlxstack.reconcile.Event;
import mlxstack.reconcile.Identity;
import mlxstack.reconcile.Now;
import mlxstack.reconcile.Obstacle;
import mlxstack.reconcile.Phase;
import mlxstack.reconcile.Reconciler;
import mlxstack.reconcile.Revision;
import mlxstack.reconcile.StackRecord;
import mlxstack.reconcile.State;
import mlxstack.reconcile.Unit;
import mlxstack.reconcile.UnitRecord;
import mlxstack.spec.Env;
import mlxstack.spec.MemoryEstimator;
import mlxstack.spec.Stack;
import mlxstack.spec.StackFile;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * The core with real processes, ports and probes around it and nothing else: what it would write down is kept in a map.
 * One thread steps. {@link #die} leaves everything running, as a killed daemon does; {@link #close} ends it.
 */
public final class LittleDaemon implements AutoCloseable {

    public static final Duration LONG = Duration.ofSeconds(60);

    /** What a daemon after this one would read. */
    public record Left(
            Map<String, UnitRecord> records, @Nullable Revision revision) {
        public static final Left NOTHING = new Left(Map.of(), null);

        public Left {
            records = Map.copyOf(records);
        }
    }

    private final Map<String, UnitRecord> records;

    /** What people were told, in order: {@code name reason message}. */
    public final List<String> told = new CopyOnWriteArrayList<>();

    public final Engines engines;
    private final Path dir;
    private final Platform platform = Platform.current();
    private final PortCheck ports = new PortCheck(platform);
    private final Processes processes;
    private final CommandRunner runner;
    private final Prober prober;
    private final Hooks hooks;
    private final ScheduledExecutorService loop = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("little-loop").factory());
    private final Map<String, ScheduledFuture<?>> timers = new ConcurrentHashMap<>();
    private final List<Identity> started = new CopyOnWriteArrayList<>();

    /** Ports are looked at before a start, as the real daemon does. */
    private volatile boolean checksPorts = true;

    private volatile State state;
    private boolean dead;
    private long revisions = System.nanoTime();

    public LittleDaemon(Path dir) {
        this(dir, "/usr/local/bin:/usr/bin:/bin", Left.NOTHING);
    }

    /** @param path where children's programs are looked for */
    public LittleDaemon(Path dir, String path, Left left) {
        this.dir = dir;
        records = new ConcurrentHashMap<>(left.records());
        engines = new Engines(new EngineEnvironment(
                folder(dir.resolve("home")),
                folder(dir.resolve("user")),
                Path.of(System.getProperty("java.home"), "bin", "java"),
                classpath(),
                path,
                Map.of(),
                Duration.ofMinutes(2)));
        processes = new Processes(platform, this::tell);
        runner = new CommandRunner(platform, dir.resolve("run"));
        var around = new ProbePorts(ports, () -> engines, runner);
        prober = new Prober(this::tell, around, around, (_, _, _, _, _) -> () -> {}, around);
        hooks = new Hooks(this::tell, around, processes::signal, Hooks.Drains.NONE);
        // Other tests' processes are never taken for ours.
        var stack = new StackRecord("little-" + dir.hashCode(), 7, Map.of(), null, null);
        state = State.initial(stack);
        tell(new Event.MemoryObserved(64L << 30));
        var units = List.copyOf(records.values());
        tell(new Event.Recovered(stack, left.revision(), units, processes.find(units, stack.homeId())));
    }

    /** Of our own programs: the jar that users run where it has been built. */
    static String classpath() {
        var jar = System.getProperty("mlxstack.jar");
        return jar != null && Files.exists(Path.of(jar)) ? jar : System.getProperty("java.class.path");
    }

    private static Path folder(Path path) {
        try {
            return Files.createDirectories(path);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** As if somebody took a port between the look and the start. */
    public LittleDaemon withoutLookingAtPorts() {
        checksPorts = false;
        return this;
    }

    /** Accepts a stack file of which this stands under {@code spec}; there is no gateway. */
    public LittleDaemon apply(String spec) {
        var text = "apiVersion: mlxstack.dev/v1\nkind: Stack\nmetadata: {name: test}\nspec:\n"
                + (spec + "\ngateway: {engine: none}\n").indent(2);
        var parsed = new StackFile()
                .parse(
                        text.getBytes(StandardCharsets.UTF_8),
                        dir.resolve("stack.yaml"),
                        new Env(dir.resolve("user"), MemoryEstimator.none(), _ -> ""));
        if (parsed.isInvalid()) {
            throw new AssertionError(parsed.getError().mkString("\n"));
        }
        Stack stack = parsed.get();
        tell(new Event.SpecAccepted(
                new Revision(++revisions, "%064d".formatted(revisions), Instant.now(), null, "stack.yaml", stack)));
        return this;
    }

    public void tell(Event event) {
        if (!loop.isShutdown()) {
            loop.execute(() -> step(event));
        }
    }

    private Now now() {
        return new Now(platform.awake(), platform.bootId(), Instant.now());
    }

    private void step(Event event) {
        var step = Reconciler.step(state, event, now());
        state = step.state();
        step.effects().forEach(this::carryOut);
    }

    private void carryOut(Effect effect) {
        switch (effect) {
            case Effect.Persist e -> records.put(e.name(), e.record());
            case Effect.PersistStack _, Effect.WriteGatewayConfig _, Effect.WriteLitellmConfig _ -> {}
            case Effect.Forget e -> {
                records.remove(e.name());
                prober.apply(e);
            }
            case Effect.Spawn e -> spawn(e);
            case Effect.Inspect e -> {
                var found = line(e.workload(), e.port());
                tell(new Event.Inspected(
                        e.name(), e.launch(), found.isLeft() ? found.getLeft() : null, found.isLeft() ? null : ""));
            }
            case Effect.Signal e -> processes.signal(e.name(), e.launch(), e.identity(), e.signal());
            case Effect.PreStop e -> hooks.apply(e);
            case Effect.Reload e -> hooks.apply(e);
            case Effect.Clear e -> processes.clear(e);
            case Effect.Adopt e -> {
                started.add(e.identity());
                processes.adopt(e.name(), e.launch(), e.identity());
            }
            case Effect.StartProbe e -> prober.apply(e);
            case Effect.StopProbe e -> prober.apply(e);
            case Effect.SetTimer e -> timer(e.name(), e.at());
            case Effect.CancelTimer e -> cancel(e.name());
            case Effect.EmitEvent e -> told.add(e.name() + " " + e.reason() + " " + e.message());
        }
    }

    private void timer(String name, long at) {
        cancel(name);
        timers.put(
                name,
                loop.schedule(
                        () -> step(new Event.TimerFired(name, at)),
                        Math.max(0, at - platform.awake()),
                        TimeUnit.NANOSECONDS));
    }

    private void cancel(String name) {
        var timer = timers.remove(name);
        if (timer != null) {
            timer.cancel(false);
        }
    }

    private void spawn(Effect.Spawn e) {
        var result = line(e.workload(), e.port()).flatMap(line -> {
            var request = new SpawnRequest(
                    line.argv(), line.env(), line.workingDirectory(), log(e.name(), e.launch()), e.nonce());
            return processes.spawn(
                    e.name(),
                    e.launch(),
                    request,
                    identity -> tell(new Event.ProcessSpawned(e.name(), e.launch(), identity, "")));
        });
        result.forEach(started::add);
        if (result.isLeft()) {
            tell(new Event.SpawnFailed(e.name(), e.launch(), result.getLeft()));
        }
    }

    private Either<Obstacle, Launch> line(mlxstack.spec.Workload workload, @Nullable Integer port) {
        var all = new ArrayList<>(workload.template().ports());
        if (port != null) {
            all.add(port);
        }
        for (int each : all) {
            var taken = checksPorts ? ports.check(each) : java.util.Optional.<Obstacle.PortInUse>empty();
            if (taken.isPresent()) {
                return Either.left(taken.get());
            }
        }
        return engines.resolve(workload, port);
    }

    public Path log(String name, long launch) {
        return dir.resolve(name + "." + launch + ".log");
    }

    public Left left() {
        return new Left(records, state.revision());
    }

    public @Nullable Unit unit(String name) {
        return state.unit(name);
    }

    /** Waits until it is so, and says what people were told if that never comes. */
    public Unit await(String name, Predicate<Unit> what) {
        until(name, () -> {
            var unit = unit(name);
            return unit != null && what.test(unit);
        });
        return java.util.Objects.requireNonNull(unit(name));
    }

    public Unit ready(String name) {
        return await(name, Unit::ready);
    }

    /** Waits until people have been told something like that. */
    public void heard(String part) {
        until(part, () -> count(part) > 0);
    }

    private void until(String what, java.util.concurrent.Callable<Boolean> done) {
        try {
            Awaitility.await(what)
                    .atMost(LONG)
                    .pollInterval(Duration.ofMillis(10))
                    .until(done);
        } catch (ConditionTimeoutException e) {
            throw new AssertionError(what + " did not come; told:\n" + String.join("\n", told), e);
        }
    }

    public long count(String part) {
        return told.stream().filter(line -> line.contains(part)).count();
    }

    public static Identity identity(Unit unit) {
        if (unit.phase() instanceof Phase.Running running) {
            return running.identity();
        }
        throw new AssertionError(unit.name() + " is not running: " + unit.phase());
    }

    /** To the whole group, and nothing after it. */
    public void signal(Unit unit, String signal) {
        platform.kill(-identity(unit).pid(), platform.signal(signal).orElseThrow());
    }

    /** The daemon is gone; everything else is as it was. */
    public void die() {
        if (dead) {
            return;
        }
        dead = true;
        stopLoop();
        prober.close();
        hooks.close();
        runner.close();
        processes.close();
    }

    /** Waits, for a step under way may be starting something. */
    private void stopLoop() {
        loop.shutdownNow();
        try {
            if (!loop.awaitTermination(LONG.toSeconds(), TimeUnit.SECONDS)) {
                throw new IllegalStateException("a step hangs");
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Nothing that was started writes into the test's directory after this. */
    @Override
    public void close() {
        stopLoop();
        started.forEach(identity -> processes.signal("", -1, identity, "KILL"));
        started.forEach(identity -> Awaitility.await().atMost(LONG).until(() -> !isThere(identity)));
        die();
    }

    private boolean isThere(Identity identity) {
        return platform.look(identity.pid()) instanceof Look.Seen(Look.Row row)
                && row.start() == identity.start()
                && !row.zombie();
    }
}
