package mlxstack.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import mlxstack.process.Look;
import mlxstack.process.Platform;
import mlxstack.store.Home;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A home, a stack file in it and a hand on the command line; where the daemon runs is the subclass's. Whatever carries
 * this home in its environment is killed at the end.
 *
 * @param <T> the subclass
 */
abstract class Testbed<T extends Testbed<T>> implements AutoCloseable {

    static final Duration LONG = Duration.ofSeconds(60);
    private static final Duration POLL = Duration.ofMillis(20);
    private static final JsonMapper JSON = JsonMapper.shared();

    final Path dir;
    final Home home;

    /** What a command line said. */
    record Said(int code, String out, String err) {}

    Testbed() {
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

    abstract T self();

    abstract T start();

    /** As a TERM would. */
    abstract T end();

    abstract Said ctl(String... args);

    T restart() {
        return end().start();
    }

    Path file() {
        return home.stackFile();
    }

    /** Replaces the stack file at once; {@code spec} is everything below the head. No gateway unless it says so. */
    T stack(String spec) {
        String whole = spec.contains("gateway:") ? spec : spec.stripTrailing() + "\ngateway: {engine: none}\n";
        return write("apiVersion: mlxstack.dev/v1\nkind: Stack\nmetadata: {name: test}\nspec:\n" + whole.indent(2));
    }

    T write(String text) {
        try {
            Path fresh = dir.resolve("fresh.yaml");
            Files.writeString(fresh, text);
            Files.move(fresh, file(), StandardCopyOption.ATOMIC_MOVE);
            return self();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
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

    /** Messages of the events with that reason, oldest first. */
    List<String> events(String reason) {
        var found = new ArrayList<String>();
        for (JsonNode event : JSON.readTree(ok("get", "events", "-o", "json")).path("items")) {
            if (event.path("reason").asString("").equals(reason)) {
                found.add(event.path("note").asString(event.path("message").asString("")));
            }
        }
        return found;
    }

    /** How often something with that reason has happened; with any, if it is empty. */
    int count(String reason) {
        int times = 0;
        for (JsonNode event : JSON.readTree(ok("get", "events", "-o", "json")).path("items")) {
            if (reason.isEmpty() || event.path("reason").asString("").equals(reason)) {
                times += Math.max(1, event.path("count").asInt(1));
            }
        }
        return times;
    }

    /** The lines of a file below {@link #dir}, where children start; none while there is no such file. */
    List<String> lines(String file) {
        try {
            Path path = dir.resolve(file);
            return Files.exists(path) ? Files.readAllLines(path) : List.of();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Makes an empty file below {@link #dir}. */
    T touch(String file) {
        try {
            Files.write(dir.resolve(file), new byte[0]);
            return self();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Makes an executable file below {@link #dir}, there at once and whole. */
    Path program(String file, String text) {
        try {
            Path fresh = dir.resolve(file + ".fresh");
            Files.writeString(fresh, text);
            Files.setPosixFilePermissions(fresh, PosixFilePermissions.fromString("rwx------"));
            return Files.move(fresh, dir.resolve(file), StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    T remove(String file) {
        try {
            Files.deleteIfExists(dir.resolve(file));
            return self();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void until(Callable<Boolean> holds) {
        await().atMost(LONG).pollInterval(POLL).until(holds);
    }

    void untilReady(String... names) {
        for (String name : names) {
            until(() -> isReady(name));
        }
    }

    void untilWord(String name, String word) {
        await().atMost(LONG)
                .pollInterval(POLL)
                .untilAsserted(() -> assertThat(word(name)).isEqualTo(word));
    }

    /** Pids of the processes whose environment carries a nonce of this home for that name, by launch. */
    Map<Long, List<Long>> instances(String name) {
        var found = new TreeMap<Long, List<Long>>();
        for (var carrier : Carrier.of(dir)) {
            if (carrier.isOf(name)) {
                found.computeIfAbsent(carrier.launch(), _ -> new ArrayList<>()).add(carrier.pid());
            }
        }
        return found;
    }

    /** Pids of what was started for that name, without what those have started; more than one is one too many. */
    List<Long> leaders(String name) {
        return Carrier.of(dir).stream()
                .filter(c -> c.isOf(name) && c.pid() == c.session())
                .map(Carrier::pid)
                .toList();
    }

    /** Waits until it is Ready, and that must be the process it was, and the only one of that name. */
    void untilReadyAs(String name, long pid) {
        untilReady(name);
        assertThat(leaders(name)).containsExactly(pid);
        assertThat(pid(name)).isEqualTo(pid);
    }

    static boolean isAlive(long pid) {
        // What an earlier daemon of this JVM started stays its zombie.
        return Platform.current().look(pid) instanceof Look.Seen(Look.Row row) && !row.zombie();
    }

    static void kill(long pid, String signal) {
        // 0 would be everybody in the test's own group.
        assertThat(pid).isGreaterThan(1);
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
        await().atMost(LONG).pollInterval(POLL).until(() -> {
            var left = Carrier.of(dir);
            left.forEach(c -> kill(c.pid(), "KILL"));
            return left.isEmpty();
        });
        try (Stream<Path> all = Files.walk(dir)) {
            all.sorted(Comparator.reverseOrder()).forEach(path -> path.toFile().delete());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
