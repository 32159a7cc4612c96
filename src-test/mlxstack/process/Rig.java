package mlxstack.process;

import io.vavr.control.Either;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import mlxstack.reconcile.Effect;
import mlxstack.reconcile.Event;
import mlxstack.reconcile.ExitStatus;
import mlxstack.reconcile.Identity;
import mlxstack.reconcile.Obstacle;
import mlxstack.spec.Policy.KillMode;
import org.assertj.core.api.Assertions;
import org.jspecify.annotations.Nullable;

/** Real processes for a test, with what they report in a queue; whatever is left at the end is killed. */
final class Rig implements AutoCloseable {

    static final Duration LONG = Duration.ofSeconds(30);

    final Platform platform = Platform.current();
    final LinkedBlockingQueue<Event> events = new LinkedBlockingQueue<>();
    final Processes processes;
    private final Path dir;
    private final List<Identity> started = new ArrayList<>();
    private final List<Long> strays = new ArrayList<>();

    Rig(Path dir) {
        this(dir, new Clearing.Patience(Duration.ofSeconds(10), Duration.ofSeconds(10), Duration.ofMillis(100)));
    }

    Rig(Path dir, Clearing.Patience patience) {
        this.dir = dir;
        this.processes = new Processes(platform, events::add, patience);
    }

    static String nonce(String name, long launch) {
        return "testhome/" + name + "/" + launch + "/" + ProcessHandle.current().pid();
    }

    Path log(String name) {
        return dir.resolve(name + ".log");
    }

    SpawnRequest request(String name, long launch, String... argv) {
        return new SpawnRequest(
                List.of(argv), Map.of("PATH", "/usr/local/bin:/usr/bin:/bin"), dir, log(name), nonce(name, launch));
    }

    Either<Obstacle, Identity> trySpawn(String name, long launch, SpawnRequest request) {
        var result = processes.spawn(name, launch, request, _ -> {});
        synchronized (started) {
            result.forEach(started::add);
        }
        return result;
    }

    Identity spawn(String name, long launch, String... argv) {
        return trySpawn(name, launch, request(name, launch, argv)).get();
    }

    Identity shell(String name, String script) {
        return spawn(name, 1, "/bin/sh", "-c", script);
    }

    /** The next event of that kind; others before it are passed over. */
    <E extends Event> E next(Class<E> kind) {
        try {
            while (true) {
                var event = events.poll(LONG.toSeconds(), TimeUnit.SECONDS);
                if (event == null) {
                    return Assertions.fail("no " + kind.getSimpleName() + " within " + LONG);
                }
                if (kind.isInstance(event)) {
                    return kind.cast(event);
                }
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    ExitStatus exit(String name) {
        var exited = next(Event.ProcessExited.class);
        Assertions.assertThat(exited.name()).isEqualTo(name);
        return exited.status();
    }

    List<String> clear(String name, @Nullable Identity identity, KillMode mode, @Nullable Integer port) {
        processes.clear(new Effect.Clear(name, 1, identity, nonce(name, 1), port, mode));
        var cleared = next(Event.Cleared.class);
        Assertions.assertThat(cleared.name()).isEqualTo(name);
        return cleared.leftovers();
    }

    /** Waits for a file a child writes in one go, and takes its text. */
    String text(String file) {
        var path = dir.resolve(file);
        org.awaitility.Awaitility.await()
                .atMost(LONG)
                .pollInterval(Duration.ofMillis(5))
                .until(() -> Files.exists(path) && Files.readString(path).endsWith("\n"));
        try {
            return Files.readString(path).strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A pid a child wrote down; ended with the rig. */
    long pid(String file) {
        long pid = Long.parseLong(text(file));
        strays.add(pid);
        return pid;
    }

    boolean lives(long pid) {
        return platform.look(pid) instanceof Look.Seen(Look.Row row) && !row.zombie();
    }

    @Override
    public void close() {
        synchronized (started) {
            for (var identity : started) {
                processes.signal("", -1, identity, "KILL");
                platform.kill(-identity.pid(), 9);
            }
        }
        strays.forEach(pid -> platform.kill(pid, 9));
        processes.close();
    }
}
