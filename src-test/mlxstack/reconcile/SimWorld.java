package mlxstack.reconcile;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.TreeMap;
import mlxstack.spec.Probe;
import org.jspecify.annotations.Nullable;

/**
 * A machine and a daemon in virtual time: processes that crash, hang and ignore signals; messages that come late and out
 * of order; writes that fail; a daemon that dies between any two effects; a machine that boots. Everything follows from
 * one seed.
 */
final class SimWorld {

    /** The function under test; mutants are planted here. */
    interface Stepper {
        Step step(State state, Event event, Now now);
    }

    /** A broken promise, with the seed that shows it. */
    static final class Violation extends AssertionError {
        private static final long serialVersionUID = 1;

        Violation(long seed, String what, List<String> history) {
            super("seed " + seed + ": " + what + "\n  "
                    + String.join("\n  ", history.subList(Math.max(0, history.size() - 40), history.size())));
        }
    }

    private static final long MS = 1_000_000L;

    private static final class Proc {
        final String name;
        final long launch;
        final String nonce;
        final Identity identity;
        final boolean ignoresTerm;
        final boolean healthy;

        Proc(String name, long launch, String nonce, Identity identity, boolean ignoresTerm, boolean healthy) {
            this.name = name;
            this.launch = launch;
            this.nonce = nonce;
            this.identity = identity;
            this.ignoresTerm = ignoresTerm;
            this.healthy = healthy;
        }
    }

    private record Task(long at, long seq, int life, Runnable run) {}

    final long seed;
    final Random random;
    final Stepper stepper;
    final List<String> history = new ArrayList<>();
    private final PriorityQueue<Task> tasks =
            new PriorityQueue<>(java.util.Comparator.comparingLong(Task::at).thenComparingLong(Task::seq));
    private final Map<String, Long> laneFree = new HashMap<>();
    private final Map<String, Long> timers = new HashMap<>();
    private final Map<String, Proc> probes = new TreeMap<>();
    private final Map<Long, Proc> alive = new LinkedHashMap<>();
    private final Map<Long, ExitStatus> ended = new HashMap<>();
    private final Map<String, UnitRecord> records = new TreeMap<>();
    private final Map<String, UnitRecord> synced = new TreeMap<>();
    private final java.util.Set<String> unwritten = new java.util.HashSet<>();
    private StackRecord stack = new StackRecord("home", 42, Map.of(), null, null);

    @Nullable
    Revision accepted;

    State state = State.initial(stack);
    private long seq;
    private long pids = 100;
    private int life = 1;
    private int boot = 1;
    long time = 1_000 * MS;
    private boolean failingWrites;
    boolean calm;
    boolean up;
    int events;
    private final Map<String, Delay> lastDelay = new HashMap<>();

    SimWorld(long seed, Stepper stepper) {
        this.seed = seed;
        this.random = new Random(seed * 0x9E3779B97F4A7C15L);
        this.stepper = stepper;
    }

    Now now() {
        return new Now(time, "boot" + boot, Instant.EPOCH.plusNanos(time));
    }

    Violation violation(String what) {
        return new Violation(seed, what, history);
    }

    private void after(long delay, boolean ofDaemon, Runnable run) {
        tasks.add(new Task(time + delay, seq++, ofDaemon ? life : 0, run));
    }

    private long shortly() {
        return (long) (random.nextDouble() * random.nextDouble() * (calm ? 5 : 400) * MS);
    }

    /** Runs the next thing that happens; false when nothing is left to happen. */
    boolean turn() {
        Task task = tasks.poll();
        if (task == null) {
            return false;
        }
        time = Math.max(time, task.at());
        if (task.life() == 0 || task.life() == life) {
            task.run().run();
        }
        return true;
    }

    /** Until virtual time has passed, or nothing is left to happen. */
    void run(long nanos) {
        long end = time + nanos;
        while (!tasks.isEmpty() && tasks.peek().at() <= end) {
            turn();
        }
        time = Math.max(time, end);
    }

    void send(Event event) {
        if (!up) {
            return;
        }
        events++;
        history.add(time / MS + "ms " + brief(event));
        State before = state;
        Step step = stepper.step(state, event, now());
        state = step.state();
        for (Effect effect : step.effects()) {
            history.add("      -> " + brief(effect));
            schedule(effect);
        }
        SimInvariants.afterStep(this, before, event);
    }

    @Nullable
    Long timer(String name) {
        return timers.get(name);
    }

    private void schedule(Effect effect) {
        switch (effect) {
            case Effect.SetTimer t -> {
                timers.put(t.name(), t.at());
                long late = calm ? 0 : random.nextInt(20) == 0 ? 2000 * MS : random.nextInt(3) * MS;
                int mine = life;
                tasks.add(new Task(Math.max(time, t.at()) + late, seq++, mine, () -> {
                    boolean set = Long.valueOf(t.at()).equals(timers.get(t.name()));
                    if (set) {
                        timers.remove(t.name());
                    }
                    if (set || random.nextInt(4) == 0) {
                        send(new Event.TimerFired(t.name(), t.at()));
                    }
                }));
            }
            case Effect.CancelTimer t -> timers.remove(t.name());
            case Effect.EmitEvent _, Effect.WriteGatewayConfig _, Effect.WriteLitellmConfig _ -> {}
            default -> {
                String lane = effect.name() == null ? "" : effect.name();
                long at = Math.max(time + shortly() / 4, laneFree.getOrDefault(lane, 0L));
                laneFree.put(lane, at + 1);
                tasks.add(new Task(at, seq++, life, () -> carryOut(effect)));
            }
        }
    }

    private void message(Event event) {
        after(shortly(), true, () -> send(event));
    }

    private void carryOut(Effect effect) {
        switch (effect) {
            case Effect.Persist p -> {
                if (failingWrites) {
                    unwritten.add(p.name());
                    message(new Event.PersistFailed(p.name(), "disk full"));
                } else {
                    unwritten.remove(p.name());
                    records.put(p.name(), p.record());
                    if (p.sync()) {
                        synced.put(p.name(), p.record());
                    }
                }
            }
            case Effect.PersistStack p -> stack = p.record();
            case Effect.Forget f -> {
                records.remove(f.name());
                synced.remove(f.name());
            }
            case Effect.Spawn s -> spawn(s);
            case Effect.Inspect i -> message(new Event.Inspected(i.name(), i.launch(), null, "cmd"));
            case Effect.Signal s -> signal(s);
            case Effect.PreStop p -> message(new Event.PreStopDone(p.name(), p.launch(), ""));
            case Effect.Clear c -> clear(c);
            case Effect.Adopt a -> {
                ExitStatus status = ended.get(a.identity().pid());
                if (status != null) {
                    message(new Event.ProcessExited(a.name(), a.launch(), new ExitStatus.Unknown()));
                }
            }
            case Effect.StartProbe p -> {
                Proc proc = alive.get(p.identity().pid());
                if (proc != null) {
                    probes.put(p.name() + p.kind(), proc);
                    probe(p, proc);
                }
            }
            case Effect.StopProbe p -> probes.remove(p.name() + p.kind());
            case Effect.Reload r -> message(new Event.Reloaded(r.name(), r.launch(), true, ""));
            case Effect.SetTimer _,
                    Effect.CancelTimer _,
                    Effect.EmitEvent _,
                    Effect.WriteGatewayConfig _,
                    Effect.WriteLitellmConfig _ -> {}
        }
    }

    private void probe(Effect.StartProbe p, Proc proc) {
        after(200 * MS + shortly(), true, () -> {
            if (probes.get(p.name() + p.kind()) != proc) {
                return;
            }
            boolean living = alive.containsKey(proc.identity.pid());
            var outcome = !calm && random.nextInt(30) == 0
                    ? Event.Outcome.UNKNOWN
                    : living && (proc.healthy || (p.kind() != Probe.Kind.STARTUP && random.nextInt(3) > 0))
                            ? Event.Outcome.SUCCESS
                            : Event.Outcome.FAILURE;
            message(new Event.ProbeResult(p.name(), p.launch(), p.kind(), outcome, "told so"));
            tasks.add(new Task(time + 800 * MS, seq++, life, () -> probe(p, proc)));
        });
    }

    private void spawn(Effect.Spawn s) {
        UnitRecord record = records.get(s.name());
        boolean written = record != null && record.launch() == s.launch() && record.intended();
        if (!written && s.durable()) {
            if (!unwritten.contains(s.name())) {
                throw violation("spawn of " + s.name() + "/" + s.launch() + " without its intent written");
            }
            message(new Event.SpawnFailed(s.name(), s.launch(), new Obstacle.NotDurable("disk full")));
            return;
        }
        int luck = calm ? 99 : random.nextInt(40);
        if (luck == 0) {
            message(new Event.SpawnFailed(s.name(), s.launch(), new Obstacle.Refused("EAGAIN", "try again")));
            return;
        }
        if (luck == 1) {
            int port = s.port() == null ? 1 : s.port();
            message(new Event.SpawnFailed(s.name(), s.launch(), new Obstacle.PortInUse(port, 1, "x")));
            return;
        }
        if (luck == 2) {
            message(new Event.SpawnFailed(
                    s.name(), s.launch(), new Obstacle.Unusable(Obstacle.Thing.BINARY, "/x", "missing")));
            return;
        }
        for (Proc other : alive.values()) {
            if (other.name.equals(s.name())) {
                throw violation("two instances of " + s.name() + ": launch " + other.launch + " and " + s.launch());
            }
        }
        long pid = pids++;
        var identity = new Identity("boot" + boot, pid, time);
        var proc = new Proc(
                s.name(), s.launch(), s.nonce(), identity, random.nextInt(5) == 0, calm || random.nextInt(6) > 0);
        alive.put(pid, proc);
        message(new Event.ProcessSpawned(s.name(), s.launch(), identity, "cmd"));
        if (!calm && random.nextInt(3) > 0) {
            long lives = (long) (random.nextDouble() * random.nextDouble() * 60_000 * MS);
            var status = random.nextInt(4) == 0
                    ? new ExitStatus.Code(0)
                    : random.nextInt(10) == 0
                            ? new ExitStatus.Code(78)
                            : random.nextInt(3) == 0
                                    ? new ExitStatus.Signal(11, "SEGV", false)
                                    : new ExitStatus.Code(1);
            after(lives, false, () -> end(proc, status));
        }
    }

    private void end(Proc proc, ExitStatus status) {
        if (alive.remove(proc.identity.pid()) != null) {
            ended.put(proc.identity.pid(), status);
            if (up) {
                message(new Event.ProcessExited(proc.name, proc.launch, status));
            }
        }
    }

    private void signal(Effect.Signal s) {
        Proc proc = alive.get(s.identity().pid());
        if (proc == null || !proc.identity.equals(s.identity())) {
            return;
        }
        if (s.signal().equals("KILL")) {
            after(shortly(), false, () -> end(proc, new ExitStatus.Signal(9, "KILL", false)));
        } else if (!proc.ignoresTerm) {
            after(shortly() * 4, false, () -> end(proc, new ExitStatus.Signal(15, "TERM", false)));
        }
    }

    private void clear(Effect.Clear c) {
        // A nonce search ends what an unanswered intent may have left.
        for (Proc proc : List.copyOf(alive.values())) {
            if (proc.nonce.equals(c.nonce())) {
                if (c.identity() != null) {
                    throw violation("clearing of " + c.name() + "/" + c.launch() + " while its process lives");
                }
                end(proc, new ExitStatus.Signal(9, "KILL", false));
            }
        }
        boolean clear = calm || random.nextInt(15) > 0;
        message(new Event.Cleared(c.name(), c.launch(), clear, clear ? List.of() : List.of("a worker")));
    }

    /** The daemon is gone at once; what it had not carried out is lost. */
    void killDaemon() {
        history.add(time / MS + "ms DAEMON KILLED");
        up = false;
        life++;
        laneFree.clear();
        timers.clear();
        probes.clear();
    }

    /** The machine boots: all processes are gone, and with luck so is what was not synced. */
    void reboot() {
        killDaemon();
        history.add(time / MS + "ms MACHINE BOOTS");
        boot++;
        alive.clear();
        ended.clear();
        time = time / 2 + 1;
        tasks.clear();
        for (String name : List.copyOf(records.keySet())) {
            UnitRecord old = synced.get(name);
            if (random.nextInt(3) == 0) {
                if (old == null) {
                    records.remove(name);
                } else {
                    records.put(name, old);
                }
            }
        }
    }

    void startDaemon() {
        up = true;
        life++;
        failingWrites = false;
        state = State.initial(stack);
        var found = new ArrayList<Event.Found>();
        for (UnitRecord r : records.values()) {
            if (r.intended()) {
                found.add(new Event.Found(r.name(), r.launch(), fate(r)));
            }
        }
        for (Proc proc : alive.values()) {
            UnitRecord r = records.get(proc.name);
            if (r == null || !r.intended() || r.launch() != proc.launch) {
                found.add(new Event.Found(proc.name, proc.launch, new Event.Fate.Alive(proc.identity)));
            }
        }
        lastDelay.clear();
        send(new Event.MemoryObserved(100));
        send(new Event.Recovered(stack, accepted, List.copyOf(records.values()), found));
    }

    private Event.Fate fate(UnitRecord r) {
        Identity identity = r.identity();
        if (identity != null) {
            if (alive.containsKey(identity.pid())
                    && alive.get(identity.pid()).identity.equals(identity)) {
                return new Event.Fate.Alive(identity);
            }
            ExitStatus status = ended.get(identity.pid());
            return status == null || random.nextBoolean()
                    ? new Event.Fate.Gone(new ExitStatus.Unknown())
                    : new Event.Fate.Gone(status);
        }
        for (Proc proc : alive.values()) {
            if (proc.nonce.equals(r.nonce())) {
                return new Event.Fate.Alive(proc.identity);
            }
        }
        return new Event.Fate.Gone(new ExitStatus.Unknown());
    }

    void accept(Revision revision) {
        accepted = revision;
        send(new Event.SpecAccepted(revision));
    }

    void writesFail(boolean fail) {
        if (failingWrites && !fail) {
            failingWrites = false;
            send(new Event.PersistRecovered());
        }
        failingWrites = fail;
    }

    long living(String name) {
        return alive.values().stream().filter(p -> p.name.equals(name)).count();
    }

    java.util.Set<String> livingNames() {
        var names = new java.util.TreeSet<String>();
        alive.values().forEach(p -> names.add(p.name));
        return names;
    }

    /** A back-off and the failures it was for. */
    record Delay(int failures, long nanos) {}

    /** The back-off before; null at the first. */
    @Nullable
    Delay delayBefore(String name, Delay delay) {
        return lastDelay.put(name, delay);
    }

    private static String brief(Object o) {
        return switch (o) {
            case Effect.Persist p ->
                "Persist " + p.name() + " launch=" + p.record().launch() + " intended="
                        + p.record().intended();
            case Effect.Spawn s -> "Spawn " + s.name() + "/" + s.launch() + " port=" + s.port();
            case Effect.StartProbe p -> "StartProbe " + p.name() + "/" + p.launch() + " " + p.kind();
            case Effect.WriteGatewayConfig _ -> "WriteGatewayConfig";
            case Effect.WriteLitellmConfig c -> "WriteLitellmConfig " + c.name();
            case Effect.PersistStack p -> "PersistStack " + p.record().ports();
            case Effect.PreStop p -> "PreStop " + p.name();
            case Event.SpecAccepted e -> "SpecAccepted " + e.revision().number();
            case Event.Recovered e -> "Recovered " + e.found();
            default -> o.toString();
        };
    }
}
