package mlxstack.process;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import mlxstack.process.Look.Row;
import mlxstack.process.Watched.Group;
import mlxstack.reconcile.Effect;
import mlxstack.reconcile.Event;
import mlxstack.reconcile.Identity;
import org.jspecify.annotations.Nullable;

/**
 * Sees to it that nothing of a launch is left once its leader has ended: its group, what carries its nonce, its port.
 * Runs on the caller's thread and may take as long as its {@link Patience}; holds no state between calls. What is not
 * proven to be of that launch is reported and never signalled.
 */
final class Clearing {

    /**
     * @param term between TERM and KILL
     * @param kill after KILL
     * @param port for the port to come free when all processes are gone
     */
    record Patience(Duration term, Duration kill, Duration port) {
        static final Patience DEFAULT =
                new Patience(Duration.ofSeconds(2), Duration.ofSeconds(5), Duration.ofMillis(300));
    }

    private static final long QUICK_NANOS = 50_000_000;

    private final Platform platform;
    private final Sweeps sweeps;
    private final Patience patience;
    private final Remains.Judge judge;

    Clearing(Platform platform, Sweeps sweeps, Patience patience) {
        this.platform = platform;
        this.sweeps = sweeps;
        this.patience = patience;
        this.judge = new Remains.Judge(platform);
    }

    private enum Phase {
        TERM,
        KILL
    }

    /**
     * Clears, and says what is left in the end. In the way of the next launch is only what was to be ended and does
     * not end; a port somebody else holds is found out about at the spawn.
     *
     * @param group what was seen of the group when the leader ended
     */
    Event.Cleared clear(Effect.Clear clear, Group group) {
        var identity = ofThisBoot(clear.identity());
        if (identity != null && group == Group.LEFT) {
            signal(-identity.pid(), "TERM");
            signal(-identity.pid(), "CONT");
            awaitGroup(identity.pid());
        }
        var remains = remains(clear, identity, group);
        for (var phase : Phase.values()) {
            var limit = phase == Phase.TERM ? patience.term() : patience.kill();
            long until = platform.awake() + limit.toNanos();
            var told = new HashSet<Row>();
            while (!remains.doomed().isEmpty() && platform.awake() < until) {
                for (var row : remains.doomed()) {
                    if (told.add(row)) {
                        signal(row, phase);
                    }
                }
                awaitGone(remains.doomed(), until);
                remains = remains(clear, identity, group);
            }
        }
        var left = new ArrayList<>(remains.others());
        for (var row : remains.doomed()) {
            left.add(Remains.describe(platform, row.pid()) + " does not end, not even after KILL");
        }
        if (clear.port() != null) {
            left.addAll(port(clear.port()));
        }
        return new Event.Cleared(clear.name(), clear.launch(), remains.doomed().isEmpty(), left);
    }

    private @Nullable Identity ofThisBoot(@Nullable Identity identity) {
        return identity != null && identity.pid() > 1 && identity.bootId().equals(platform.bootId()) ? identity : null;
    }

    private Remains remains(Effect.Clear clear, @Nullable Identity identity, Group group) {
        boolean list = identity != null && group != Group.EMPTY && exists(identity.pid());
        var sweep = sweeps.sweep(clear.nonce(), list);
        return sweep == null
                ? new Remains(List.of(), List.of("the process table could not be read in time: strays may be left"))
                : judge.of(clear, identity, group, sweep);
    }

    private boolean exists(long group) {
        return !platform.isNoSuchProcess(platform.kill(-group, 0));
    }

    /** By its start, not by its number alone: it may have ended since it was listed. */
    private void signal(Row row, Phase phase) {
        if (platform.look(row.pid()) instanceof Look.Seen(Row now) && now.start() == row.start()) {
            signal(row.pid(), phase.name());
            signal(row.pid(), "CONT");
        }
    }

    private void signal(long pid, String name) {
        platform.signal(name).ifPresent(number -> platform.kill(pid, number));
    }

    /** Most groups are gone in a millisecond; no need to list all processes for those. */
    private void awaitGroup(long group) {
        long until = platform.awake() + Math.min(QUICK_NANOS, patience.term().toNanos());
        for (long pause = 100_000; exists(group) && platform.awake() < until; pause *= 2) {
            LockSupport.parkNanos(pause);
        }
    }

    private void awaitGone(List<Row> rows, long until) {
        for (long pause = 200_000; platform.awake() < until; pause = Math.min(pause * 2, QUICK_NANOS)) {
            if (rows.stream().noneMatch(this::lives)) {
                return;
            }
            LockSupport.parkNanos(pause);
        }
    }

    private boolean lives(Row row) {
        return switch (platform.look(row.pid())) {
            case Look.Seen(Row now) -> now.start() == row.start() && !now.zombie();
            case Look.Absent _ -> false;
            case Look.Failed _ -> true;
        };
    }

    private List<String> port(int port) {
        long until = platform.awake() + patience.port().toNanos();
        while (!platform.bindable(port)) {
            if (platform.awake() >= until) {
                var owner = platform.listeners(port).stream().findFirst().orElse(0L);
                return List.of("port %d is still held by %s"
                        .formatted(port, owner == 0 ? "another process" : Remains.describe(platform, owner)));
            }
            LockSupport.parkNanos(5_000_000);
        }
        return List.of();
    }
}
