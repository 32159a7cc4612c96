package mlxstack.ledger;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import mlxstack.wire.ResponseStore.Kept;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps answers of Responses in {@code responses.db}, so that clients can go on from them after a restart. They are what
 * users and models said: the file is the user's own, and apart from the ledger. Any thread may tell it things, and none
 * ever waits: they go through a bounded queue to one thread, which is begun with the first of them. What the file cannot
 * take is not kept.
 */
public final class Answers {

    private static final Logger LOG = LoggerFactory.getLogger(Answers.class);
    private static final int AT_ONCE = 100;
    private static final long QUEUED_BYTES = 32L << 20;

    private final Path path;
    private final AnswerFile file;
    private final InstantSource clock;
    private final BlockingQueue<Task> queue = new LinkedBlockingQueue<>(1000);
    private final AtomicLong queued = new AtomicLong();
    private final AtomicBoolean begun = new AtomicBoolean();
    private final CompletableFuture<Void> ended = new CompletableFuture<>();
    private volatile AnswerBounds bounds = new AnswerBounds(Duration.ofDays(30), 64L << 20);
    private volatile boolean any;
    private volatile boolean closing;
    private volatile boolean failing;

    /**
     * One of those that went before it.
     *
     * @param hidden whether its owner deleted it, so that it can no longer be asked for itself
     */
    public record Remembered(Kept kept, boolean hidden) {}

    private sealed interface Task {
        record Keep(Kept answer) implements Task {}

        record Delete(String owner, String id) implements Task {}

        record Find(String owner, String id, CompletableFuture<List<Remembered>> found) implements Task {}

        record Destroy() implements Task {}

        record End() implements Task {}

        default long size() {
            return this instanceof Keep(Kept answer)
                    ? answer.input().length() + answer.response().length()
                    : 0;
        }
    }

    /** Touches nothing yet.
     * @param path of the file; its directory is there and the user's own */
    public Answers(Path path, InstantSource clock) {
        this.path = path;
        this.file = new AnswerFile(path);
        this.clock = clock;
        this.any = Files.exists(path);
    }

    /**
     * How much is kept, from the next answer on.
     *
     * @param age since a conversation was last gone on with
     */
    public void bounds(Duration age, long bytes) {
        bounds = new AnswerBounds(age, bytes);
    }

    /** Whether there may be any: asking for one is in vain otherwise. */
    public boolean any() {
        return any;
    }

    public void keep(Kept answer) {
        any = true;
        tell(new Task.Keep(answer));
    }

    public void delete(String owner, String id) {
        if (any) {
            tell(new Task.Delete(owner, id));
        }
    }

    /** All that led to an answer, the oldest first and itself last; none when there is none of that id or it is another's. */
    public CompletionStage<List<Remembered>> find(String owner, String id) {
        var found = new CompletableFuture<List<Remembered>>();
        if (!tell(new Task.Find(owner, id, found))) {
            found.complete(List.of());
        }
        return found;
    }

    /** None is to be on disk any more. */
    public void destroy() {
        if (any) {
            any = false;
            tell(new Task.Destroy());
        }
    }

    private boolean tell(Task task) {
        long size = task.size();
        if (closing || queued.addAndGet(size) > QUEUED_BYTES || !queue.offer(task)) {
            queued.addAndGet(-size);
            return false;
        }
        if (!begun.get() && begun.compareAndSet(false, true)) {
            Thread.ofPlatform().daemon().name("answers").start(this::run);
        }
        return true;
    }

    /** Writes what was told, as far as it can be within {@code atMost}, and ends. */
    public void close(Duration atMost) throws InterruptedException {
        if (!begun.get()) {
            closing = true;
            return;
        }
        tell(new Task.End());
        closing = true;
        try {
            ended.get(atMost.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            LOG.warn("{} was not written to its end", path);
        }
    }

    private void run() {
        var batch = new ArrayList<Task>();
        try {
            boolean last = false;
            while (!last) {
                batch.clear();
                batch.add(queue.take());
                queue.drainTo(batch, AT_ONCE);
                last = batch.contains(new Task.End());
                // Lookups see all that was told before them.
                write(batch);
                batch.forEach(task -> queued.addAndGet(-task.size()));
                for (Task task : batch) {
                    if (task instanceof Task.Find(var owner, var id, var found)) {
                        found.complete(look(owner, id));
                    }
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            file.close();
            ended.complete(null);
        }
    }

    private void write(List<Task> batch) {
        try {
            var writes = new ArrayList<Task>();
            boolean deletes = false;
            for (Task task : batch) {
                switch (task) {
                    case Task.Keep _ -> writes.add(task);
                    case Task.Delete _ -> {
                        writes.add(task);
                        deletes = true;
                    }
                    case Task.Destroy() -> {
                        writes.clear();
                        file.destroy();
                    }
                    case Task.Find _, Task.End() -> {
                        // Answered when all is written.
                    }
                }
            }
            if (!writes.isEmpty()) {
                file.together(() -> apply(writes), bounds, clock.instant());
                if (deletes) {
                    file.forgetWritten();
                }
                failing = false;
            }
        } catch (SQLException | IOException | RuntimeException | LinkageError e) {
            failed(e);
        }
    }

    private void apply(List<Task> writes) throws SQLException {
        for (Task task : writes) {
            if (task instanceof Task.Keep(Kept answer)) {
                file.keep(answer, clock.instant());
            } else if (task instanceof Task.Delete(String owner, String id)) {
                file.delete(owner, id);
            }
        }
    }

    private List<Remembered> look(String owner, String id) {
        if (!Files.exists(path)) {
            return List.of();
        }
        try {
            var found = new ArrayList<Remembered>();
            for (var each : file.history(owner, id, bounds, clock.instant())) {
                found.add(new Remembered(each.kept(), each.hidden()));
            }
            return found;
        } catch (SQLException | IOException | RuntimeException | LinkageError e) {
            failed(e);
            return List.of();
        }
    }

    private void failed(Throwable why) {
        file.close();
        if (!failing) {
            LOG.warn("{} cannot be used, answers are kept in memory alone: {}", path, why.getMessage());
        }
        failing = true;
        if (why instanceof SQLException sql && Database.isDamage(sql)) {
            try {
                file.destroy();
            } catch (IOException e) {
                LOG.warn("cannot delete the damaged {}: {}", path, e.getMessage());
            }
        }
    }
}
