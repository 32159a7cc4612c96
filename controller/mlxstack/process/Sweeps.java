package mlxstack.process;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import mlxstack.process.Look.Row;
import mlxstack.process.Platform.Carrier;
import org.jspecify.annotations.Nullable;

/**
 * Looks through all processes, once for everybody who asks meanwhile: a thousand ends at a time must not mean a
 * thousand passes over a thousand processes. One thread, which exists only while there is something to do: a process
 * that hangs in the kernel can hang those who look at it.
 */
final class Sweeps implements AutoCloseable {

    /** @param rows everybody, if asked for */
    record Sweep(List<Carrier> carriers, List<Row> rows) {
        Sweep {
            carriers = List.copyOf(carriers);
            rows = List.copyOf(rows);
        }
    }

    private final Platform platform;
    private final Duration patience;
    private final ThreadPoolExecutor thread;

    /** Not begun yet; guarded by this. */
    private @Nullable Batch next;

    /** Whoever gets in before it begins is served by it. */
    private static final class Batch {
        final Set<String> nonces = new HashSet<>();
        final CompletableFuture<Sweep> result = new CompletableFuture<>();
        boolean everybody;
    }

    Sweeps(Platform platform, Duration patience) {
        this.platform = platform;
        this.patience = patience;
        thread = new ThreadPoolExecutor(
                1,
                1,
                5,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                Thread.ofPlatform().daemon().name("mlxstack-sweep").factory());
        thread.allowCoreThreadTimeOut(true);
    }

    /** What a look through all processes that begins after this call shows; null if it did not end in time. */
    @Nullable
    Sweep sweep(String nonce, boolean everybody) {
        try {
            return join(nonce, everybody).get(patience.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            return null;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return null;
        } catch (ExecutionException e) {
            throw new IllegalStateException("looking through the processes failed", e.getCause());
        }
    }

    private synchronized CompletableFuture<Sweep> join(String nonce, boolean everybody) {
        var batch = next;
        if (batch == null) {
            batch = new Batch();
            next = batch;
            thread.execute(this::run);
        }
        batch.nonces.add(nonce);
        batch.everybody |= everybody;
        return batch.result;
    }

    private void run() {
        Batch batch;
        synchronized (this) {
            batch = next;
            next = null;
        }
        if (batch == null) {
            return;
        }
        try {
            batch.result.complete(
                    new Sweep(platform.carriers(batch.nonces), batch.everybody ? platform.everybody() : List.of()));
        } catch (RuntimeException e) {
            batch.result.completeExceptionally(e);
        }
    }

    @Override
    public void close() {
        thread.shutdown();
    }
}
