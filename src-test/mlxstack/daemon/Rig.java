package mlxstack.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import mlxstack.api.CliHandler;
import mlxstack.api.DaemonInfo.StartedBy;
import mlxstack.process.Look;
import mlxstack.process.Platform;
import mlxstack.store.Home;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A home with a daemon in this JVM, real children and a hand on the command line. Whatever carries this home in its
 * environment is killed at the end.
 */
final class Rig implements AutoCloseable {

    static final Duration LONG = Duration.ofSeconds(60);
    private static final JsonMapper JSON = JsonMapper.shared();

    final Path dir;
    final Home home;
    final CountDownLatch asked = new CountDownLatch(1);
    private @Nullable Daemon daemon;

    /** What a command line said. */
    record Said(int code, String out, String err) {}

    Rig() {
        try {
            // Short, for the socket's sake, and not below what the tests clean up by themselves.
            dir = Files.createTempDirectory(Path.of("/tmp"), "mlx-rig").toRealPath();
            home = new Home(dir.resolve("h"));
            home.create();
            Platform.current().becomeParent();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Settings settings() {
        return new Settings(
                home,
                Platform.current(),
                Map.of("PATH", "/usr/local/bin:/usr/bin:/bin"),
                dir,
                Path.of(System.getProperty("java.home"), "bin", "java"),
                System.getProperty("java.class.path"),
                "test",
                "test",
                StartedBy.TERMINAL);
    }

    Rig start() {
        try {
            daemon = Daemon.start(settings(), asked::countDown);
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** As a TERM would. */
    Rig end() {
        if (daemon != null) {
            daemon.close();
            daemon = null;
        }
        return this;
    }

    Rig restart() {
        return end().start();
    }

    Path file() {
        return home.stackFile();
    }

    /** Replaces the stack file at once; {@code spec} is everything below the head. */
    Rig stack(String spec) {
        return write("apiVersion: mlxstack.dev/v1\nkind: Stack\nmetadata: {name: test}\nspec:\n" + spec.indent(2));
    }

    Rig write(String text) {
        try {
            Path fresh = dir.resolve("fresh.yaml");
            Files.writeString(fresh, text);
            Files.move(fresh, file(), StandardCopyOption.ATOMIC_MOVE);
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Said ctl(String... args) {
        return ctlWith(null, args);
    }

    /** @param input what the client read from the file that {@code args} names */
    Said ctlWith(@Nullable String input, String... args) {
        var out = new Output();
        var running = java.util.Objects.requireNonNull(daemon, "start it first");
        try {
            var environment = Map.of("USER", "ada");
            int code = running.shell()
                    .run(new CliHandler.Request(List.of(args), dir.toString(), 0, environment, input), out);
            return new Said(code, out.out.toString(), out.err.toString());
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** It must go well. */
    String ok(String... args) {
        var said = ctl(args);
        assertThat(said.code())
                .as("%s: %s%s", List.of(args), said.out(), said.err())
                .isZero();
        return said.out();
    }

    private static final class Output implements CliHandler.Output {
        final StringBuilder out = new StringBuilder();
        final StringBuilder err = new StringBuilder();

        @Override
        public void out(String text) {
            out.append(text);
        }

        @Override
        public void out(byte[] bytes) {
            out.append(new String(bytes, StandardCharsets.UTF_8));
        }

        @Override
        public void err(String line) {
            err.append(line).append('\n');
        }

        @Override
        public void flush() {}

        @Override
        public void ask(String question) {
            err.append(question).append('\n');
        }
    }

    /** The object as `get -o json` gives it; missing while there is none. */
    JsonNode process(String name) {
        var said = ctl("get", "process", name, "-o", "json");
        return said.code() == 0 ? JSON.readTree(said.out()) : JSON.missingNode();
    }

    JsonNode status(String name) {
        return process(name).path("status");
    }

    /** Kubernetes' words for what it is at: the STATUS column. */
    String word(String name) {
        var said = ctl("get", "process", name, "--no-headers");
        return said.code() == 0 ? said.out().strip().split("\\s+")[2] : "";
    }

    long pid(String name) {
        return status(name).path("pid").asLong(0);
    }

    int restarts(String name) {
        return status(name).path("restarts").asInt(-1);
    }

    long launch(String name) {
        return status(name).path("launch").asLong(0);
    }

    boolean isReady(String name) {
        return status(name).path("ready").asBoolean(false);
    }

    /** Messages of the events with that reason, oldest first; every repeat counts once. */
    List<String> events(String reason) {
        var found = new ArrayList<String>();
        for (JsonNode event : JSON.readTree(ok("get", "events", "-o", "json")).path("items")) {
            if (event.path("reason").asString("").equals(reason)) {
                found.add(event.path("note").asString(event.path("message").asString("")));
            }
        }
        return found;
    }

    void until(Callable<Boolean> holds) {
        await().atMost(LONG).pollInterval(Duration.ofMillis(20)).until(holds);
    }

    void untilReady(String... names) {
        for (String name : names) {
            until(() -> isReady(name));
        }
    }

    void untilWord(String name, String word) {
        await().atMost(LONG)
                .pollInterval(Duration.ofMillis(20))
                .untilAsserted(() -> assertThat(word(name)).isEqualTo(word));
    }

    /** Pids of the processes whose environment carries a nonce of this home for that name, by launch. */
    Map<Long, List<Long>> instances(String name) {
        var found = new TreeMap<Long, List<Long>>();
        Path me = home.root();
        for (var carrier : Platform.current().carriers(null)) {
            String nonce = carrier.nonce();
            if (nonce != null && nonce.startsWith(homeId() + "/" + name + "/")) {
                found.computeIfAbsent(Long.parseLong(nonce.split("/")[2]), _ -> new ArrayList<>())
                        .add(carrier.row().pid());
            }
        }
        assertThat(me).exists();
        return found;
    }

    private String homeId() {
        try (Stream<Path> files = Files.list(home.state())) {
            for (Path file : files.filter(f -> f.getFileName().toString().startsWith("stack.json"))
                    .toList()) {
                var matcher = java.util.regex.Pattern.compile("\"homeId\"\\s*:\\s*\"([0-9a-f]+)\"")
                        .matcher(Files.readString(file));
                if (matcher.find()) {
                    return matcher.group(1);
                }
            }
            throw new IllegalStateException("no stack record in " + home.state());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static boolean isAlive(long pid) {
        // What an earlier daemon of this JVM started stays its zombie.
        return Platform.current().look(pid) instanceof Look.Seen(Look.Row row) && !row.zombie();
    }

    static void kill(long pid, String signal) {
        try {
            new ProcessBuilder("kill", "-" + signal, String.valueOf(pid))
                    .start()
                    .waitFor();
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        end();
        String id = homeId();
        for (var carrier : Platform.current().carriers(null)) {
            String nonce = carrier.nonce();
            if (nonce != null && nonce.startsWith(id + "/")) {
                kill(carrier.row().pid(), "KILL");
            }
        }
        try (Stream<Path> all = Files.walk(dir)) {
            all.sorted(java.util.Comparator.reverseOrder())
                    .forEach(path -> path.toFile().delete());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
