package mlxstack.ledger;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps what was asked and what it cost, in {@code ledger.db}. Any thread may tell it things, and none ever waits: they
 * go through a bounded queue to one thread, which is begun with the first of them, as SQLite is. While the file cannot be
 * written they stay in the queue; what does not fit is dropped and counted.
 */
public final class Ledger {

    private static final Logger LOG = LoggerFactory.getLogger(Ledger.class);
    private static final int AT_ONCE = 500;
    /** Are worth a transaction: they need not linger, and would only grow old in memory. */
    private static final int ENOUGH = 128;

    private static final Duration LONGEST_WAIT = Duration.ofMinutes(1);

    private final Path file;
    private final Settings settings;
    private final Store store;
    private final BlockingQueue<Job> queue;
    /** A permit: something must not linger, or all is over. */
    private final Semaphore bell = new Semaphore(0);

    private final AtomicBoolean begun = new AtomicBoolean();
    private final AtomicLong dropped = new AtomicLong();
    private final CompletableFuture<Void> ended = new CompletableFuture<>();
    private volatile boolean closing;
    private volatile @Nullable String problem;

    /**
     * @param capacity of the queue, in rows of about half a KiB
     * @param linger how long a row may wait for others to be written with
     * @param retry the first wait after a failure; it doubles to a minute
     */
    public record Settings(Retention retention, int capacity, Duration linger, Duration retry) {
        public static final Settings DEFAULT =
                new Settings(Retention.DEFAULT, 8192, Duration.ofMillis(500), Duration.ofSeconds(1));
    }

    /** Touches nothing yet.
     * @param file its directory is there and the user's own */
    public Ledger(Path file, Settings settings, InstantSource clock) {
        this.file = file;
        this.settings = settings;
        this.store = new Store(file, settings.retention(), clock);
        this.queue = new ArrayBlockingQueue<>(settings.capacity());
    }

    /** How much of the past is kept from now on; what is too much goes with the next write. */
    public void retention(Retention retention) {
        store.retention(retention);
    }

    public void record(Exchange exchange) {
        tell(new Job.Row(exchange));
    }

    void reserve(Claim claim) {
        tell(new Job.Reserve(claim));
    }

    void release(String id) {
        tell(new Job.Release(id));
    }

    /** What was spent since then as far as it was told before now; waits, if it must, until the file can be read. */
    CompletionStage<List<Claim>> past(Instant since) {
        var spent = new CompletableFuture<List<Claim>>();
        if (!tell(new Job.Past(since, spent))) {
            spent.completeExceptionally(new IOException("the ledger's queue is full"));
        }
        return spent;
    }

    /** Done when all that was told before is in the file. */
    public CompletionStage<Void> flush() {
        var done = new CompletableFuture<Void>();
        if (!tell(new Job.Flush(done))) {
            done.completeExceptionally(new IOException("the ledger's queue is full"));
        }
        return done;
    }

    /** Why the file cannot be written now; null while it can, as far as is known. */
    public @Nullable String problem() {
        return problem;
    }

    /** Rows that were lost since the start, because the file could not be written for too long. */
    public long dropped() {
        return dropped.get();
    }

    private boolean tell(Job job) {
        if (closing || !queue.offer(job)) {
            dropped.incrementAndGet();
            return false;
        }
        if (!begun.get() && begun.compareAndSet(false, true)) {
            Thread.ofPlatform().daemon().name("ledger").start(this::run);
        }
        if (job.urgent() || queue.size() == ENOUGH) {
            bell.release();
        }
        return true;
    }

    /** Writes what was told, as far as it can be within {@code atMost}, and ends. */
    public void close(Duration atMost) throws InterruptedException {
        closing = true;
        if (!begun.get()) {
            return;
        }
        bell.release();
        // It may wait for a first job that never comes.
        boolean _ = queue.offer(new Job.Flush(new CompletableFuture<>()));
        try {
            ended.get(atMost.toMillis(), TimeUnit.MILLISECONDS);
        } catch (java.util.concurrent.ExecutionException | java.util.concurrent.TimeoutException e) {
            LOG.warn("the ledger {} was not written to its end: {} entries are lost", file, queue.size());
        }
    }

    private void run() {
        try {
            var batch = new ArrayList<Job>();
            var wait = settings.retry();
            while (!closing || !queue.isEmpty() || !batch.isEmpty()) {
                if (batch.isEmpty()) {
                    batch.add(queue.take());
                    linger(batch.getFirst());
                }
                queue.drainTo(batch, AT_ONCE - batch.size());
                if (write(batch)) {
                    batch.clear();
                    wait = settings.retry();
                } else if (closing) {
                    break;
                } else {
                    boolean _ = bell.tryAcquire(wait.toMillis(), TimeUnit.MILLISECONDS);
                    bell.drainPermits();
                    wait = wait.multipliedBy(2).compareTo(LONGEST_WAIT) < 0 ? wait.multipliedBy(2) : LONGEST_WAIT;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            store.close();
            ended.complete(null);
        }
    }

    private void linger(Job first) throws InterruptedException {
        if (!first.urgent() && !closing && queue.size() < ENOUGH) {
            boolean _ = bell.tryAcquire(settings.linger().toMillis(), TimeUnit.MILLISECONDS);
        }
        bell.drainPermits();
    }

    /** @return false: try again later */
    private boolean write(List<Job> batch) {
        try {
            store.write(batch, this::works);
            return true;
        } catch (SQLException e) {
            return Database.isDamage(e) ? anew(batch, e) : failed(e);
        } catch (IOException | LinkageError e) {
            return failed(e);
        } catch (RuntimeException e) {
            // A fault of ours: the same would happen again and keep everything after it back.
            dropped.addAndGet(batch.size());
            LOG.error("{} entries for the ledger are lost", batch.size(), e);
            return true;
        }
    }

    private void works() {
        if (problem != null) {
            LOG.info("the ledger {} is written again; {} entries were lost so far", file, dropped.get());
            problem = null;
        }
    }

    private boolean anew(List<Job> batch, SQLException damage) {
        try {
            Path kept = store.setAside();
            if (kept == null) {
                return failed(damage);
            }
            LOG.error(
                    "the ledger {} is damaged ({}); it is kept as {}, and a new one begins: budgets begin anew with the"
                            + " next start",
                    file,
                    damage.getMessage(),
                    kept.getFileName());
            store.write(batch, this::works);
            return true;
        } catch (SQLException | IOException e) {
            return failed(e);
        }
    }

    private boolean failed(Throwable why) {
        // Some exceptions of files only say which.
        String text = why instanceof FileSystemException unclear && unclear.getReason() == null
                ? unclear.getClass().getSimpleName() + " " + unclear.getMessage()
                : String.valueOf(why.getMessage());
        if (problem == null) {
            LOG.warn(
                    "the ledger {} cannot be written: {}; requests go on, up to {} entries are kept until it can",
                    file,
                    text,
                    settings.capacity());
        }
        problem = text;
        return false;
    }
}
