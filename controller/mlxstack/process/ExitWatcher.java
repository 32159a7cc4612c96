package mlxstack.process;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import mlxstack.process.ExitWatch.Watching;
import mlxstack.process.Look.Row;
import mlxstack.process.Watched.Group;
import mlxstack.reconcile.Event;
import mlxstack.reconcile.ExitStatus;
import mlxstack.reconcile.Identity;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reports the end of every process it was given, once and only once, with the status as far as it can be known. Owns
 * one thread, which sleeps in the kernel; methods may be called from any.
 */
final class ExitWatcher implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ExitWatcher.class);
    private static final int POLL_MILLIS = 1000;

    private final Platform platform;
    private final Consumer<Event> sink;
    private final ExitWatch watch;
    private final ConcurrentHashMap<Long, Watched> byToken = new ConcurrentHashMap<>();
    private final ConcurrentHashMap<Launch, Watched> byLaunch = new ConcurrentHashMap<>();
    private final AtomicLong tokens = new AtomicLong();

    /** Those the kernel would not watch, looked at now and then. */
    private final Set<Watched> polled = ConcurrentHashMap.newKeySet();

    private final Thread thread;
    private volatile boolean closed;

    private record Launch(String name, long launch) {}

    ExitWatcher(Platform platform, Consumer<Event> sink) {
        this.platform = platform;
        this.sink = sink;
        this.watch = platform.watch();
        thread = Thread.ofPlatform().daemon().name("mlxstack-exits").unstarted(this::run);
        thread.start();
    }

    /** Makes the process known; nothing is reported of it before {@link #start}. */
    Watched register(String name, long launch, Identity identity, boolean child) {
        var watched = new Watched(name, launch, identity, child, tokens.incrementAndGet());
        byToken.put(watched.token, watched);
        byLaunch.put(new Launch(name, launch), watched);
        return watched;
    }

    @Nullable
    Watched find(String name, long launch) {
        return byLaunch.get(new Launch(name, launch));
    }

    void forget(String name, long launch) {
        byLaunch.remove(new Launch(name, launch));
    }

    void start(Watched watched) {
        switch (watch.watch(watched.token, watched.identity.pid())) {
            case YES -> {
                // Between the last look and the registration the pid may have changed hands.
                if (!watched.child) {
                    settle(watched);
                }
            }
            case GONE -> settle(watched);
            case REFUSED -> poll(watched);
        }
    }

    private void poll(Watched watched) {
        polled.add(watched);
        watch.wake();
    }

    private void run() {
        long lastPoll = 0;
        while (!closed) {
            for (long token : watch.await(polled.isEmpty() ? -1 : POLL_MILLIS)) {
                var watched = byToken.get(token);
                if (watched != null && !settleSoon(watched)) {
                    polled.add(watched);
                }
            }
            long now = platform.awake();
            if (!polled.isEmpty() && now - lastPoll >= POLL_MILLIS * 1_000_000L / 2) {
                lastPoll = now;
                polled.removeIf(this::ended);
            }
        }
    }

    /** The kernel has told of the end; its own book-keeping may be a moment behind. */
    private boolean settleSoon(Watched watched) {
        for (int i = 0; i < 20; i++) {
            if (settle(watched)) {
                return true;
            }
            LockSupport.parkNanos(1_000_000);
        }
        return false;
    }

    /** Whether there is nothing to poll for any more. */
    private boolean ended(Watched watched) {
        if (settle(watched)) {
            return true;
        }
        watch.forget(watched.token);
        return watch.watch(watched.token, watched.identity.pid()) == Watching.YES;
    }

    /** Reports the end if it has come. */
    private boolean settle(Watched watched) {
        ExitStatus status;
        synchronized (watched) {
            if (watched.ended()) {
                return true;
            }
            status = status(watched);
            if (status == null) {
                return false;
            }
            // Asked at once, while the number cannot belong to another group yet.
            boolean left = platform.kill(-watched.identity.pid(), 0) == 0;
            watched.end(left ? Group.LEFT : Group.EMPTY);
        }
        byToken.remove(watched.token);
        watch.forget(watched.token);
        try {
            sink.accept(new Event.ProcessExited(watched.name, watched.launch, status));
        } catch (RuntimeException e) {
            LOG.error("the end of {} (launch {}) could not be reported", watched.name, watched.launch, e);
        }
        return true;
    }

    /** Null while it runs, or nobody can tell. */
    private @Nullable ExitStatus status(Watched watched) {
        long pid = watched.identity.pid();
        if (watched.child) {
            return platform.reap(pid);
        }
        return switch (platform.look(pid)) {
            case Look.Failed _ -> null;
            case Look.Seen(Row row)
            when row.start() == watched.identity.start() -> row.zombie() ? platform.decode(row.waitStatus()) : null;
            case Look.Seen _, Look.Absent _ -> {
                var remembered = watch.remembered(watched.token);
                yield remembered == null ? new ExitStatus.Unknown() : remembered;
            }
        };
    }

    @Override
    public void close() {
        closed = true;
        watch.wake();
        try {
            thread.join();
            watch.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
