package mlxstack.logs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Function;
import mlxstack.spec.LogPolicy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The store's thread: sleeps until a log is due or somebody asks for something. Public methods only ask. */
final class Caretaker implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Caretaker.class);

    private interface Job {
        void run() throws IOException;
    }

    private final Path logs;
    private final Consumer<LogKey> gone;
    private final Rounds rounds;
    private final Map<LogKey, Tended> tended = new HashMap<>();

    /** For launches that are not looked after: over, or not begun. */
    private final Map<LogKey, List<LineWatch>> waiting = new HashMap<>();

    private final LinkedBlockingQueue<Job> inbox = new LinkedBlockingQueue<>();
    private final Thread thread;
    private boolean closed;

    Caretaker(
            Path logs,
            Holes holes,
            Disk disk,
            InstantSource wall,
            LogEvents events,
            Pace pace,
            Function<String, LogPolicy> limits,
            Consumer<LogKey> gone) {
        this.logs = logs;
        this.gone = gone;
        this.rounds = new Rounds(logs, holes, disk, wall, events, pace, limits, tended);
        thread = Thread.ofPlatform().name("logs").daemon().start(this::run);
    }

    /** Makes or hands over the log of a launch. */
    interface Opening {
        LiveLog open() throws IOException;
    }

    void tend(LogKey key, Opening opening) {
        inbox.add(() -> {
            if (tended.containsKey(key)) {
                return;
            }
            var log = opening.open();
            var one = new Tended(log, System.nanoTime());
            tended.put(key, one);
            var early = waiting.remove(key);
            for (LineWatch watch : early == null ? List.<LineWatch>of() : early) {
                watch.restart(new LaunchStream(log.shelf, log.launch, log, watch.position()));
                one.watches.add(watch);
            }
            rounds.thin(log.name, log.shelf);
        });
    }

    void ended(LogKey key) {
        inbox.add(() -> {
            var one = tended.remove(key);
            if (one != null) {
                try {
                    rounds.last(one);
                } finally {
                    one.close();
                    gone.accept(key);
                }
                rounds.thin(key.name(), one.log.shelf);
            }
        });
    }

    void keep(Shelf shelf, long launch) {
        inbox.add(() -> Shelf.writeNumber(shelf.kept(), launch));
    }

    void watch(LogKey key, LineWatch watch) {
        inbox.add(() -> {
            var one = tended.get(key);
            if (one != null) {
                one.watches.add(watch);
                one.due = System.nanoTime();
                return;
            }
            watch.finish();
            waiting.computeIfAbsent(key, _ -> new ArrayList<>()).add(watch);
            waiting.values().forEach(all -> all.removeIf(LineWatch::isClosed));
            waiting.values().removeIf(List::isEmpty);
        });
    }

    void forget(String name) {
        await(() -> {
            for (LogKey key : List.copyOf(tended.keySet())) {
                var one = key.name().equals(name) ? tended.remove(key) : null;
                if (one != null) {
                    one.close();
                    gone.accept(key);
                }
            }
            var shelf = Shelf.of(logs, name);
            for (var launch : shelf.launches().values()) {
                shelf.delete(launch);
            }
            shelf.deleteRest();
            Path link = logs.resolve(name + ".log");
            if (Files.isSymbolicLink(link)) {
                Files.deleteIfExists(link);
            }
        });
    }

    void settle() {
        await(() -> {
            for (Tended one : tended.values()) {
                one.due = System.nanoTime();
            }
            do {
                rounds.run(System.nanoTime(), true);
            } while (rounds.isBehind());
        });
    }

    private void await(Job job) {
        var done = new CompletableFuture<Void>();
        inbox.add(() -> {
            try {
                job.run();
            } finally {
                done.complete(null);
            }
        });
        while (thread.isAlive()) {
            try {
                done.get(1, TimeUnit.SECONDS);
                return;
            } catch (TimeoutException e) {
                // it may have much to do, or have ended before this was asked
            } catch (ExecutionException e) {
                throw new IllegalStateException(e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    @Override
    public void close() {
        await(() -> {
            closed = true;
            for (Tended one : tended.values()) {
                one.close();
            }
            rounds.close();
        });
    }

    private void run() {
        rounds.sweep();
        while (!closed) {
            try {
                long wait = rounds.next() - System.nanoTime();
                var job = inbox.poll(Math.max(0, wait), TimeUnit.NANOSECONDS);
                for (; job != null && !closed; job = inbox.poll()) {
                    attempt(job);
                }
                if (!closed) {
                    rounds.run(System.nanoTime(), false);
                }
            } catch (RuntimeException e) {
                LOG.error("the logs' thread goes on after", e);
            } catch (InterruptedException e) {
                throw new IllegalStateException("nobody interrupts the logs' thread", e);
            }
        }
    }

    private void attempt(Job job) {
        try {
            job.run();
        } catch (IOException e) {
            LOG.warn("what was asked of the logs failed: {}", e.toString());
        }
    }
}
