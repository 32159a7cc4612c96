package mlxstack.process;

import io.vavr.control.Either;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import mlxstack.process.Look.Row;
import mlxstack.process.Watched.Group;
import mlxstack.reconcile.Effect;
import mlxstack.reconcile.Event;
import mlxstack.reconcile.Identity;
import mlxstack.reconcile.Obstacle;
import mlxstack.reconcile.UnitRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries out what the core wants done with processes, and reports to {@code sink} what becomes of them. Methods may be
 * called from any thread; {@code sink} is called from several, and must not block.
 */
public final class Processes implements AutoCloseable {

    /** The variable that marks everything a launch starts. */
    public static final String NONCE = "MLXSTACK_NONCE";

    private static final Logger LOG = LoggerFactory.getLogger(Processes.class);

    private final Platform platform;
    private final Consumer<Event> sink;
    private final ExitWatcher exits;
    private final Sweeps sweeps;
    private final Clearing clearing;
    private volatile boolean closed;

    /** From here on this process has umask 077. */
    public Processes(Platform platform, Consumer<Event> sink) {
        this(platform, sink, Clearing.Patience.DEFAULT);
    }

    Processes(Platform platform, Consumer<Event> sink, Clearing.Patience patience) {
        platform.becomeParent();
        this.platform = platform;
        this.sink = sink;
        exits = new ExitWatcher(platform, sink);
        sweeps = new Sweeps(platform, patience.kill());
        clearing = new Clearing(platform, sweeps, patience);
    }

    /** What would stand in the way of a start now: the program, its interpreter, the working directory. */
    public Optional<Obstacle> inspect(SpawnRequest request) {
        return Programs.inspect(request);
    }

    /**
     * Starts a child and watches it: its end is a {@link Event.ProcessExited}, however early it comes.
     *
     * @param born called before the end can be reported, so that whoever listens hears of the birth first
     */
    public Either<Obstacle, Identity> spawn(String name, long launch, SpawnRequest request, Consumer<Identity> born) {
        return Programs.resolve(request).flatMap(program -> {
            var start = new Platform.Launch(
                    program.toString(), request.argv(), environment(request), request.cwd(), request.logFile());
            int pid = platform.spawn(start);
            if (pid < 0) {
                return Either.left(Programs.explain(platform.errno(pid), program, request));
            }
            // Nobody but us reaps it, so the entry stands even if it has ended already.
            var look = platform.look(pid);
            if (look instanceof Look.Seen(Row row)) {
                var identity = new Identity(platform.bootId(), pid, row.start());
                var watched = exits.register(name, launch, identity, true);
                try {
                    born.accept(identity);
                } finally {
                    exits.start(watched);
                }
                return Either.right(identity);
            }
            return Either.left(undo(pid, look));
        });
    }

    /** The nonce first: then it is found in the first bytes. */
    private static List<String> environment(SpawnRequest request) {
        var lines = new ArrayList<String>(request.env().size() + 1);
        lines.add(NONCE + "=" + request.nonce());
        for (Map.Entry<String, String> entry : request.env().entrySet()) {
            if (!entry.getKey().equals(NONCE)) {
                lines.add(entry.getKey() + "=" + entry.getValue());
            }
        }
        return lines;
    }

    /** A process that could never be told from others must not stay. */
    private Obstacle undo(int pid, Look look) {
        platform.signal("KILL").ifPresent(kill -> platform.kill(-pid, kill));
        while (platform.reap(pid) == null) {
            LockSupport.parkNanos(1_000_000);
        }
        String errno = look instanceof Look.Failed(String why) ? why : null;
        return new Obstacle.Refused(
                errno,
                "a process was started but could not be identified (%s), so it was ended again"
                        .formatted(errno == null ? "it was gone" : errno));
    }

    /** Watches an instance of an earlier daemon. If it is not there any more, that is reported as its end. */
    public void adopt(String name, long launch, Identity identity) {
        var known = exits.find(name, launch);
        if (known == null) {
            exits.start(exits.register(name, launch, identity, false));
        }
    }

    /**
     * Sends a signal, and CONT after it, to the whole group of that process, if it still is that process.
     *
     * @param signal a name, with or without {@code SIG}
     * @return whether it was sent
     */
    public boolean signal(String name, long launch, Identity identity, String signal) {
        var number = platform.signal(signal);
        if (number.isEmpty()) {
            LOG.warn("{} has no signal {}; nothing was sent to {}", System.getProperty("os.name"), signal, name);
            return false;
        }
        var watched = exits.find(name, launch);
        if (watched == null || !watched.identity.equals(identity)) {
            return isStill(identity) && send(identity.pid(), number.get());
        }
        synchronized (watched) {
            // A child that is not reaped keeps its number, so there is nothing to look up.
            return !watched.ended() && (watched.child || isStill(identity)) && send(identity.pid(), number.get());
        }
    }

    private boolean isStill(Identity identity) {
        return identity.bootId().equals(platform.bootId())
                && platform.look(identity.pid()) instanceof Look.Seen(Row row)
                && row.start() == identity.start();
    }

    private boolean send(long pid, int signal) {
        if (pid <= 1 || pid == ProcessHandle.current().pid()) {
            return false;
        }
        boolean sent = platform.kill(-pid, signal) == 0;
        platform.signal("CONT").ifPresent(cont -> platform.kill(-pid, cont));
        return sent;
    }

    /** Ends what is left of a launch whose leader has ended; {@link Event.Cleared} follows. */
    public void clear(Effect.Clear clear) {
        Thread.ofVirtual().name("clear-" + clear.name()).start(() -> {
            Event.Cleared cleared;
            try {
                var watched = exits.find(clear.name(), clear.launch());
                cleared = clearing.clear(clear, watched == null ? Group.UNKNOWN : watched.group());
            } catch (RuntimeException e) {
                if (closed) {
                    return; // the next daemon looks for itself
                }
                LOG.error("clearing after {} (launch {}) failed", clear.name(), clear.launch(), e);
                cleared = new Event.Cleared(
                        clear.name(), clear.launch(), false, List.of("clearing failed: " + e.getMessage()));
            }
            if (cleared.clear()) {
                exits.forget(clear.name(), clear.launch());
            }
            sink.accept(cleared);
        });
    }

    /**
     * What became of the instances an earlier daemon wrote down, and what it left without writing it down; {@link
     * #adopt} the living ones.
     *
     * @param homeId first part of every nonce of ours
     */
    public List<Event.Found> find(List<UnitRecord> records, String homeId) {
        return new Finder(platform).find(records, homeId);
    }

    /** Stops watching. Every process goes on running. */
    @Override
    public void close() {
        closed = true;
        exits.close();
        sweeps.close();
    }
}
