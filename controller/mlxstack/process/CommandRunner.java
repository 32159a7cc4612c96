package mlxstack.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import mlxstack.process.Look.Row;
import mlxstack.process.Watched.Group;
import mlxstack.reconcile.Event;
import mlxstack.reconcile.ExitStatus;
import mlxstack.reconcile.Identity;
import mlxstack.reconcile.Obstacle;
import org.jspecify.annotations.Nullable;

/**
 * Runs short commands to their end, each in a session of its own; nothing of its process group is left afterwards. Used
 * by many threads, each of which waits for its command. Costs nothing before the first.
 */
public final class CommandRunner implements AutoCloseable {

    private static final int OUTPUT = 10 * 1024;
    private static final Duration AFTER_KILL = Duration.ofSeconds(5);

    private final Platform platform;
    private final Path scratch;
    private final AtomicLong numbers = new AtomicLong();
    private final ConcurrentHashMap<Long, CompletableFuture<ExitStatus>> ends = new ConcurrentHashMap<>();

    /** Made with the first command; guarded by this. */
    private @Nullable ExitWatcher exits;

    /** Guarded by this. */
    private boolean closed;

    /** @param scratch a directory of ours alone; made when needed, and emptied of what an earlier daemon left */
    public CommandRunner(Platform platform, Path scratch) {
        this.platform = platform;
        this.scratch = scratch;
    }

    public sealed interface Result {

        /** @param output the first 10 KiB of what it wrote */
        record Ended(ExitStatus status, String output) implements Result {}

        record TimedOut(String output) implements Result {}

        record NotRun(Obstacle obstacle) implements Result {}
    }

    /**
     * @param argv as in {@link SpawnRequest}
     * @param env whole
     * @throws InterruptedException after the command has been killed
     * @throws UncheckedIOException if the scratch directory cannot be used
     */
    public Result run(List<String> argv, Map<String, String> env, Path cwd, Duration timeout)
            throws InterruptedException {
        long number = numbers.incrementAndGet();
        var watcher = watcher();
        var output = scratch.resolve("command-" + number + ".out");
        var request = new SpawnRequest(argv, env, cwd, output, "");
        var program = Programs.resolve(request);
        if (program.isLeft()) {
            return new Result.NotRun(program.getLeft());
        }
        var end = new CompletableFuture<ExitStatus>();
        ends.put(number, end);
        try {
            var lines = env.entrySet().stream()
                    .map(e -> e.getKey() + "=" + e.getValue())
                    .toList();
            int pid = platform.spawn(new Platform.Launch(program.get().toString(), argv, lines, cwd, output));
            if (pid < 0) {
                return new Result.NotRun(Programs.explain(platform.errno(pid), program.get(), request));
            }
            long start = platform.look(pid) instanceof Look.Seen(Row row) ? row.start() : 0;
            var watched = watcher.register("", number, new Identity(platform.bootId(), pid, start), true);
            watcher.start(watched);
            return await(watched, end, output, timeout);
        } finally {
            ends.remove(number);
            watcher.forget("", number);
            delete(output);
        }
    }

    private Result await(Watched watched, CompletableFuture<ExitStatus> end, Path output, Duration timeout)
            throws InterruptedException {
        try {
            var status = get(end, timeout);
            if (watched.group() == Group.LEFT) {
                kill(watched.identity.pid());
            }
            return new Result.Ended(status, head(output));
        } catch (TimeoutException e) {
            end(watched, end);
            return new Result.TimedOut(head(output));
        } catch (InterruptedException e) {
            end(watched, end);
            throw e;
        }
    }

    private static ExitStatus get(CompletableFuture<ExitStatus> end, Duration timeout)
            throws InterruptedException, TimeoutException {
        try {
            return end.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException e) {
            throw new IllegalStateException("nobody completes it so", e);
        }
    }

    /** Kills the whole group while its leader, reaped or not, still keeps the number from others. */
    private void end(Watched watched, CompletableFuture<ExitStatus> end) throws InterruptedException {
        synchronized (watched) {
            if (!watched.ended() || watched.group() == Group.LEFT) {
                kill(watched.identity.pid());
            }
        }
        try {
            get(end, AFTER_KILL);
        } catch (TimeoutException e) {
            // It hangs in the kernel. It has been killed, and is reaped when it comes back.
        }
    }

    private void kill(long leader) {
        platform.signal("KILL").ifPresent(kill -> platform.kill(-leader, kill));
    }

    private synchronized ExitWatcher watcher() {
        if (closed) {
            throw new IllegalStateException("closed");
        }
        var watcher = exits;
        if (watcher == null) {
            prepare();
            watcher = new ExitWatcher(platform, this::ended);
            exits = watcher;
        }
        return watcher;
    }

    private void ended(Event event) {
        if (event instanceof Event.ProcessExited exited) {
            var end = ends.get(exited.launch());
            if (end != null) {
                end.complete(exited.status());
            }
        }
    }

    private void prepare() {
        try {
            Files.createDirectories(
                    scratch, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            try (DirectoryStream<Path> old = Files.newDirectoryStream(scratch, "command-*.out")) {
                for (var file : old) {
                    delete(file);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot use " + scratch, e);
        }
    }

    private static String head(Path output) {
        try (var in = Files.newInputStream(output)) {
            return new String(in.readNBytes(OUTPUT), StandardCharsets.UTF_8);
        } catch (IOException e) {
            return "";
        }
    }

    private static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            // It holds a few lines, and goes with the next daemon.
        }
    }

    /** To be called once nobody runs anything any more: interrupt those who do first. */
    @Override
    public synchronized void close() {
        closed = true;
        if (exits != null) {
            exits.close();
            exits = null;
        }
    }
}
