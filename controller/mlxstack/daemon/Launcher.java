package mlxstack.daemon;

import io.vavr.control.Either;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import mlxstack.engine.Engines;
import mlxstack.engine.Launch;
import mlxstack.process.PortCheck;
import mlxstack.process.Processes;
import mlxstack.process.SpawnRequest;
import mlxstack.reconcile.Effect;
import mlxstack.reconcile.Event;
import mlxstack.reconcile.Identity;
import mlxstack.reconcile.Obstacle;
import mlxstack.spec.Workload;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** From the wish to start something to a process, or to what stands in the way. On the lane of the name. */
final class Launcher {

    /** Makes the file a launch writes to. */
    interface LogFiles {
        Path open(String name, long launch, Workload workload);
    }

    private static final Logger LOG = LoggerFactory.getLogger(Launcher.class);

    private final Supplier<Engines> engines;
    private final Processes processes;
    private final PortCheck ports;
    private final LogFiles logs;
    private final Persistence persistence;
    private final Consumer<Event> sink;

    Launcher(
            Supplier<Engines> engines,
            Processes processes,
            PortCheck ports,
            LogFiles logs,
            Persistence persistence,
            Consumer<Event> sink) {
        this.engines = engines;
        this.processes = processes;
        this.ports = ports;
        this.logs = logs;
        this.persistence = persistence;
        this.sink = sink;
    }

    void spawn(Effect.Spawn effect) {
        String name = effect.name();
        long launch = effect.launch();
        Either<Obstacle, Identity> started;
        try {
            started = start(effect);
        } catch (RuntimeException e) {
            // A bug; unanswered, the name would wait for ever.
            LOG.error("{} could not be started", name, e);
            started = Either.left(new Obstacle.Refused(null, "the start failed inside the daemon: " + e));
        }
        if (started.isLeft()) {
            sink.accept(new Event.SpawnFailed(name, launch, started.getLeft()));
        }
    }

    private Either<Obstacle, Identity> start(Effect.Spawn effect) {
        String name = effect.name();
        long launch = effect.launch();
        return effect.durable() && persistence.isLost(name)
                ? Either.left(new Obstacle.NotDurable("what is started now could be lost track of"))
                : ready(effect.workload(), effect.port()).flatMap(line -> {
                    Path log = logs.open(name, launch, effect.workload());
                    return processes.spawn(
                            name,
                            launch,
                            request(line, log, effect.nonce()),
                            identity -> sink.accept(
                                    new Event.ProcessSpawned(name, launch, identity, line.commandDigest())));
                });
    }

    /** Both what stands in the way and what would be run: a running instance is in the way of nothing but itself. */
    void inspect(Effect.Inspect effect) {
        var line = engines.get().resolve(effect.workload(), effect.port());
        Obstacle obstacle = line.fold(
                missing -> missing,
                found -> portTaken(effect.workload(), effect.port())
                        .or(() -> processes.inspect(request(found, Path.of("/dev/null"), "")))
                        .orElse(null));
        sink.accept(new Event.Inspected(
                effect.name(),
                effect.launch(),
                obstacle,
                line.map(Launch::commandDigest).getOrNull()));
    }

    private Either<Obstacle, Launch> ready(Workload workload, @Nullable Integer port) {
        Obstacle taken = portTaken(workload, port).orElse(null);
        return taken != null ? Either.left(taken) : engines.get().resolve(workload, port);
    }

    private Optional<Obstacle> portTaken(Workload workload, @Nullable Integer port) {
        for (int wanted : portsOf(workload, port)) {
            var taken = ports.check(wanted);
            if (taken.isPresent()) {
                return Optional.of(taken.get());
            }
        }
        return Optional.empty();
    }

    private static List<Integer> portsOf(Workload workload, @Nullable Integer port) {
        var all = new ArrayList<>(workload.template().ports());
        if (port != null && !all.contains(port)) {
            all.add(port);
        }
        return all;
    }

    private static SpawnRequest request(Launch line, Path log, String nonce) {
        return new SpawnRequest(line.argv(), line.env(), line.workingDirectory(), log, nonce);
    }
}
