package mlxstack.store;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import mlxstack.reconcile.Effect;
import mlxstack.reconcile.Event;
import mlxstack.reconcile.Now;
import mlxstack.reconcile.State;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Every event with its time and what it led to, so that a bad night can be run again: JSON lines in segments that begin
 * with the state, at most 64 MiB of them.
 *
 * <p>{@link #append} is for the loop's thread and never waits; a thread of the journal's own writes. What it cannot keep
 * up with is counted as lost, and a new segment with a new state begins after it. Nothing is synced: what survives is
 * what the kernel had when the daemon died.
 *
 * <p>Secrets are references in the contract's records and are not resolved here. Text that a user wrote where it should
 * have been a reference, or that looks so, is replaced: see {@link Redaction}.
 */
public final class Journal implements AutoCloseable {

    /** Bytes of all segments together. */
    public static final long LIMIT = 64L << 20;

    private static final int WAITING = 8_192;
    private static final long RETRY = TimeUnit.SECONDS.toNanos(10);
    private static final Logger LOG = LoggerFactory.getLogger(Journal.class);

    private final BlockingQueue<Object> queue;
    private final JournalWriter writer;
    private final Thread thread;
    private long number;
    private long lostSince;
    private final AtomicLong lost = new AtomicLong();
    private volatile @Nullable String trouble;
    private long retryAt;
    private long unwritten;

    /** Takes the place of a step in the queue. */
    private enum Order {
        CLOSE
    }

    /** A request to be told when everything before it is written. */
    private record Flushed(Runnable done) {}

    /**
     * @param dir exists
     * @param build of this program
     * @param life identifies this run of the daemon
     */
    public Journal(Path dir, String build, String life) {
        this(dir, build, life, LIMIT, WAITING);
    }

    Journal(Path dir, String build, String life, long limit, int waiting) {
        this.queue = new ArrayBlockingQueue<>(waiting);
        this.writer = new JournalWriter(dir, build, life, limit);
        this.thread = Thread.ofPlatform().name("journal").daemon().unstarted(this::run);
        thread.start();
    }

    /**
     * Loop thread only.
     *
     * @param before the state that {@code event} met
     * @param effects what it led to
     */
    public void append(State before, Event event, Now now, List<Effect> effects) {
        number++;
        if (queue.offer(new JournalWriter.Step(number, lostSince, before, event, now, effects))) {
            lostSince = 0;
        } else {
            lostSince++;
            lost.incrementAndGet();
        }
    }

    /** Events of this life that are in no segment. */
    public long lost() {
        return lost.get();
    }

    /** Why the journal is not written at present; null when it is. */
    public @Nullable String trouble() {
        return trouble;
    }

    /** Runs {@code done} on the journal's thread once everything appended so far is in the files. */
    public void whenWritten(Runnable done) throws InterruptedException {
        queue.put(new Flushed(done));
    }

    private void run() {
        try {
            Object next = queue.take();
            while (next != Order.CLOSE) {
                handle(next);
                next = queue.poll();
                if (next == null) {
                    attempt(writer::flush);
                    next = queue.take();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            attempt(writer::close);
        }
    }

    private void handle(Object item) {
        switch (item) {
            case JournalWriter.Step step -> write(step);
            case Flushed(Runnable done) -> {
                attempt(writer::flush);
                done.run();
            }
            default -> throw new IllegalStateException("unknown item " + item);
        }
    }

    private void write(JournalWriter.Step step) {
        if (step.lost() > 0) {
            LOG.warn(
                    "the journal could not keep up: {} events are missing before event {}", step.lost(), step.number());
        }
        if (trouble != null && step.now().awake() < retryAt) {
            unwritten++;
            lost.incrementAndGet();
            return;
        }
        var complete = unwritten == 0
                ? step
                : new JournalWriter.Step(
                        step.number(),
                        step.lost() + unwritten,
                        step.before(),
                        step.event(),
                        step.now(),
                        step.effects());
        if (attempt(() -> writer.write(complete))) {
            unwritten = 0;
            trouble = null;
        } else {
            unwritten++;
            lost.incrementAndGet();
            retryAt = step.now().awake() + RETRY;
        }
    }

    private interface Attempt {
        void run() throws IOException;
    }

    private boolean attempt(Attempt attempt) {
        try {
            attempt.run();
            return true;
        } catch (IOException e) {
            failed(StateFiles.reason(e));
            return false;
        } catch (RuntimeException e) {
            // A bug in what is to be written must not end the thread and with it all that is known of a bad night.
            LOG.error("the journal cannot write an event", e);
            failed(e.toString());
            return false;
        }
    }

    private void failed(String reason) {
        if (trouble == null) {
            LOG.warn("the journal is not written: {}", reason);
        }
        trouble = reason;
        try {
            writer.close();
        } catch (IOException e) {
            LOG.debug("closing a segment that could not be written", e);
        }
    }

    /** Writes what waits, for at most five seconds. */
    @Override
    public void close() {
        try {
            queue.put(Order.CLOSE);
            thread.join(5_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
