package mlxstack.logs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import java.util.function.Function;
import mlxstack.logs.LogEvents.Reason;
import mlxstack.spec.LogPolicy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What is done with the live logs when they are due. Confined to the store's thread. */
final class Rounds implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Rounds.class);

    /** A log that cannot be rotated is tried again after so long; nanoseconds. */
    private static final long RETRY = 5_000_000_000L;

    /** Buffers are kept so long after a rotation; nanoseconds. */
    private static final long REST = 60_000_000_000L;

    private final Path logs;
    private final Holes holes;
    private final InstantSource wall;
    private final LogEvents events;
    private final Pace pace;
    private final Function<String, LogPolicy> limits;
    private final Map<LogKey, Tended> tended;
    private final Rotation rotation;
    private final Retention retention;
    private final Scarcity scarcity;
    private long next;
    private long checkAt = System.nanoTime();
    private long restAt = System.nanoTime();
    private boolean behind;

    Rounds(
            Path logs,
            Holes holes,
            Disk disk,
            InstantSource wall,
            LogEvents events,
            Pace pace,
            Function<String, LogPolicy> limits,
            Map<LogKey, Tended> tended) {
        this.logs = logs;
        this.holes = holes;
        this.wall = wall;
        this.events = events;
        this.pace = pace;
        this.limits = limits;
        this.tended = tended;
        rotation = new Rotation(events);
        retention = new Retention(holes);
        scarcity = new Scarcity(logs, disk, wall, events, rotation);
    }

    /** When to run next, by the monotonic clock. */
    long next() {
        return next;
    }

    /** Whether the last round left something to do at once. */
    boolean isBehind() {
        return behind;
    }

    void run(long now, boolean check) {
        if (check || now - checkAt >= 0) {
            check(now);
        }
        behind = false;
        next = tended.isEmpty() ? now + pace.idle().toNanos() * 360 : checkAt;
        for (Tended one : tended.values()) {
            if (now - one.due >= 0) {
                look(one, now);
            }
            behind |= now - one.due >= 0;
            if (one.due - next < 0) {
                next = one.due;
            }
        }
        if (now - restAt >= 0) {
            rotation.rest();
        }
    }

    private void look(Tended one, long now) {
        var log = one.log;
        try {
            notice(one, now);
            if (one.isToBeChecked(now, pace.check().toNanos())) {
                checkRemoved(one);
            }
            if (now - one.sampleDue() >= 0 && one.sampleDue() != Long.MAX_VALUE) {
                one.sample(now, wall.millis());
            }
            boolean more = !scarcity.isLow() && rotate(one);
            more |= one.feed();
            long wait = pace.after(one.watches.isEmpty() ? one.quiet(now) : Math.min(one.quiet(now), 1_000_000_000L));
            long due = pace.due(now, Math.min(wait, untilFull(one)));
            one.due = more ? now : one.sampleDue() == Long.MAX_VALUE ? due : Math.min(due, one.sampleDue());
            one.failing = false;
        } catch (IOException | RuntimeException e) {
            one.due = now + RETRY;
            if (!Files.isDirectory(log.shelf.dir()) && isRemade(log.shelf.dir())) {
                one.due = now;
                return;
            }
            if (!one.failing) {
                one.failing = true;
                events.happened(
                        log.name,
                        Reason.LogRotationFailed,
                        "the log of launch " + log.launch + " cannot be rotated and grows on; tried again every "
                                + RETRY / 1_000_000_000L + " s: " + e);
            }
        }
    }

    /** Somebody deleted the whole directory: that ends nothing. */
    private static boolean isRemade(Path dir) {
        try {
            PrivateFile.directory(dir);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private void notice(Tended one, long now) throws IOException {
        var log = one.log;
        long cut = one.measure(now);
        if (cut >= 0) {
            events.happened(
                    log.name,
                    Reason.LogFileTruncated,
                    "somebody shortened " + log.shelf.file(log.launch) + " when launch " + log.launch + " had written "
                            + cut + " bytes; what was in it and not yet in a segment is gone, what follows is kept");
        }
    }

    /** At the present rate; nanoseconds. */
    private long untilFull(Tended one) {
        long left = Rotation.trigger(limits.apply(one.log.name).maxSize()) - (one.seen() - one.log.base());
        return one.rate() <= 0 ? Long.MAX_VALUE : Math.max(5_000_000L, (long) (left * 1e9 / one.rate()));
    }

    private boolean rotate(Tended one) throws IOException {
        var log = one.log;
        var policy = limits.apply(log.name);
        long most = policy.maxSize() * policy.maxFiles();
        boolean moved = false;
        if (one.seen() - log.base() < Rotation.trigger(policy.maxSize())) {
            return false;
        }
        if (log.size() - log.base() > most + 2 * Rotation.trigger(policy.maxSize())) {
            // Written faster than it can be compressed: the oldest would go anyway.
            scarcity.giveUp(
                    log,
                    log.size() - Math.max(Rotation.TAIL, most),
                    "they were written faster than could be compressed, and more than maxSize x maxFiles keeps");
            moved = true;
        }
        restAt = System.nanoTime() + REST;
        moved |= rotation.rotate(log, policy.maxSize(), one.rate());
        if (moved) {
            thin(log.name, log.shelf);
        }
        return moved;
    }

    void thin(String name, Shelf shelf) throws IOException {
        retention.apply(shelf, limits.apply(name), launch -> {
            var one = tended.get(new LogKey(name, launch));
            return one == null ? null : one.log;
        });
    }

    /** The launch is over. */
    void last(Tended one) throws IOException {
        long now = System.nanoTime();
        notice(one, now);
        if (one.sampleDue() != Long.MAX_VALUE) {
            one.sample(now, wall.millis());
        }
        one.finish();
        var log = one.log;
        if (log.isRemoved() && log.size() > log.base()) {
            // Nothing leads to the file but our descriptor.
            PrivateFile.directory(log.shelf.dir());
            rotation.archive(log, log.base(), log.size(), true);
        }
    }

    private void checkRemoved(Tended one) throws IOException {
        var log = one.log;
        boolean removed = log.isRemoved();
        if (removed && !one.removed) {
            events.happened(
                    log.name,
                    Reason.LogFileRemoved,
                    log.shelf.file(log.launch) + " was removed or replaced while launch " + log.launch
                            + " writes to it; it is followed and rotated all the same");
        }
        one.removed = removed;
    }

    private void check(long now) {
        checkAt = pace.due(now, pace.check().toNanos());
        try {
            scarcity.check(tended.values().stream().map(one -> one.log).toList());
            if (scarcity.isLow()) {
                checkAt = pace.due(now, Math.min(pace.check().toNanos(), 1_000_000_000L));
            }
        } catch (IOException e) {
            LOG.warn("the logs in {} could not be checked: {}", logs, e.toString());
        }
    }

    /** Once at the start: what an earlier life left unfinished. */
    void sweep() {
        var names = logs.toFile().list();
        for (String name : names == null ? new String[0] : names) {
            try {
                Shelf.of(logs, name).finish(holes);
            } catch (IOException e) {
                LOG.warn("what is unfinished in {} could not be cleaned up: {}", logs.resolve(name), e.toString());
            }
        }
    }

    @Override
    public void close() {
        rotation.close();
    }
}
