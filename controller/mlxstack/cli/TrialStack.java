package mlxstack.cli;

import io.vavr.control.Either;
import java.io.File;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import mlxstack.store.Home;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A stack of one endpoint for a while, in a home of its own below the user's: the reconciler starts and ends the server
 * as it does any other. One at a time in a home; what a killed one has left is ended first. Confined to one thread, but
 * {@link #close} may come from any.
 */
final class TrialStack implements AutoCloseable {

    /** Of the one endpoint. */
    static final String NAME = "trial";

    private static final Duration STOP = Duration.ofSeconds(60);
    private static final long PAUSE_MS = 150;

    private final Home home;
    private final FileChannel lock;
    private @Nullable Process daemon;

    private TrialStack(Home home, FileChannel lock) {
        this.home = home;
        this.lock = lock;
    }

    /**
     * @param main whose memory is shared with
     * @param endpoint the lines of the endpoint but for its name, as in a stack file
     * @param environment of the user
     * @param progress takes one line on each step
     * @return its server is on the way; {@link #ready} waits for it. Left: why there can be none now
     */
    static Either<String, TrialStack> start(
            Home main, String endpoint, Map<String, String> environment, Consumer<String> progress)
            throws IOException, InterruptedException {
        var home = new Home(main.root().resolve("bench"));
        home.create();
        var lock = FileChannel.open(
                home.root().resolve("trial.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        if (!taken(lock)) {
            lock.close();
            return Either.left("another `mlxstackctl bench` has a server running; wait for it");
        }
        var trial = new TrialStack(home, lock);
        trial.end();
        Files.writeString(home.stackFile(), text(endpoint, room(main)));
        trial.daemon = launch(home, environment);
        progress.accept("starting a daemon of its own");
        return Either.right(trial);
    }

    private static boolean taken(FileChannel channel) throws IOException {
        try {
            FileLock held = channel.tryLock();
            return held != null;
        } catch (OverlappingFileLockException e) {
            return false;
        }
    }

    private static String text(String endpoint, @Nullable Long room) {
        var text = new StringBuilder("""
                # Written by mlxstackctl bench; gone with the next one.
                apiVersion: mlxstack.dev/v1
                kind: Stack
                metadata: {name: bench}
                spec:
                """);
        if (room != null) {
            text.append("  memory: {budget: \"").append(room).append("\", reserve: \"0\"}\n");
        }
        return text.append("  gateway: {engine: none}\n  endpoints:\n    - name: ")
                .append(NAME)
                .append("\n      restart: {policy: Never}\n")
                .append(endpoint.indent(6))
                .toString();
    }

    /** What the user's stack has left of its memory; null when it does not keep account. */
    private static @Nullable Long room(Home main) {
        return new HomeApi(main)
                .stack()
                .map(stack -> stack.path("status").path("memory"))
                .filter(memory -> memory.has("budget"))
                .map(memory -> Math.max(
                        0,
                        memory.path("budget").asLong() - memory.path("reserved").asLong()))
                .getOrNull();
    }

    private static Process launch(Home home, Map<String, String> environment) throws IOException {
        var builder = new ProcessBuilder(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx64m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xlog:disable",
                "-Xlog:all=error:stderr",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                absolute(System.getProperty("java.class.path")),
                "mlxstack.daemon.Main"));
        builder.environment().clear();
        builder.environment().putAll(environment);
        builder.environment().put("MLXSTACK_HOME", home.root().toString());
        builder.redirectErrorStream(true)
                .redirectOutput(home.logs().resolve("mlxstackd.err").toFile())
                .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")));
        return builder.start();
    }

    private static String absolute(String classpath) {
        return java.util.Arrays.stream(classpath.split(File.pathSeparator, -1))
                .map(each -> Path.of(each).toAbsolutePath().toString())
                .collect(java.util.stream.Collectors.joining(File.pathSeparator));
    }

    /**
     * The endpoint's process once it is ready. Left: why it will not be.
     *
     * @param atMost for loading; a download counts
     */
    Either<String, JsonNode> ready(Duration atMost, Consumer<String> progress) throws InterruptedException {
        long deadline = System.nanoTime() + atMost.toNanos();
        String last = "";
        String told = "its daemon did not answer";
        boolean up = false;
        while (System.nanoTime() < deadline) {
            if (daemon != null && !daemon.isAlive()) {
                return Either.left("the daemon that was to start it has ended: see "
                        + home.logs().resolve("mlxstackd.err"));
            }
            // The last trial ended with `down`, which lasts until it is taken back.
            up = up || new HomeApi(home).run("up", "--wait=false").isRight();
            var process = process();
            if (up && process.isRight()) {
                var status = process.get().path("status");
                if (status.path("ready").asBoolean(false)) {
                    return process;
                }
                String state = status.path("state").asString("");
                told = (status.path("reason").asString("") + " "
                                + status.path("message").asString(""))
                        .strip();
                if (stuck(status, state)) {
                    return Either.left("it cannot start: " + told + "; its log is "
                            + home.logs().resolve(NAME + ".log"));
                }
                if (!state.equals(last)) {
                    progress.accept(state);
                    last = state;
                }
            } else {
                var problems = problems();
                if (!problems.isEmpty()) {
                    return Either.left(problems);
                }
            }
            Thread.sleep(PAUSE_MS);
        }
        return Either.left("it was not ready within " + atMost.toSeconds() + " s: " + told);
    }

    private static boolean stuck(JsonNode status, String state) {
        return switch (state) {
            case "failed", "crashed", "flapping", "stopped" -> true;
            case "pending" -> status.path("reason").asString("").equals("InsufficientMemory");
            default -> false;
        };
    }

    /** Why the trial's own stack file was refused; empty if it was not. */
    private String problems() {
        return new HomeApi(home)
                .stack()
                .map(stack -> stack.path("status").path("problems").path(0).asString(""))
                .getOrElse("");
    }

    Either<String, JsonNode> process() {
        return new HomeApi(home).process(NAME);
    }

    /** Ends the server, then its daemon. */
    private void end() throws IOException, InterruptedException {
        var daemons = new Daemons.OfHome(home);
        var running = daemons.running();
        if (running == null) {
            return;
        }
        var handle = ProcessHandle.of(running.pid());
        new HomeApi(home).run("down");
        daemons.end(running);
        long deadline = System.nanoTime() + STOP.toNanos();
        while (handle.isPresent() && handle.get().isAlive() && System.nanoTime() < deadline) {
            Thread.sleep(PAUSE_MS);
        }
    }

    @Override
    public synchronized void close() {
        if (!lock.isOpen()) {
            return;
        }
        try {
            end();
            if (daemon != null) {
                daemon.destroy();
            }
            lock.close();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
