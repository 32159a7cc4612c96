package mlxstack.probe;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import mlxstack.reconcile.Effect;
import mlxstack.reconcile.Event;
import mlxstack.reconcile.Identity;
import mlxstack.reconcile.Obstacle;
import mlxstack.spec.EngineKind;
import mlxstack.spec.Probe;
import mlxstack.spec.Workload;
import org.jspecify.annotations.Nullable;

/** A prober whose surroundings a test holds in its hand, and what it reports. */
final class Asked implements Listeners, ModelServers, LogLines, Commands, AutoCloseable {

    static final Identity IDENTITY = new Identity("boot", 4711, 1);

    final LinkedBlockingQueue<Event> events = new LinkedBlockingQueue<>();
    final Prober prober = new Prober(events::add, this, this, this, this);

    volatile boolean ours = true;
    volatile Obstacle.@Nullable PortInUse holder;
    volatile @Nullable String healthPath = "/health";
    volatile Runner runner = (_, _) -> new Commands.Result.Ended(true, "exit code 0", "");
    volatile @Nullable Consumer<String> line;
    volatile boolean watching;

    interface Runner {
        Commands.Result run(List<String> command, Duration timeout) throws InterruptedException;
    }

    static Probe every(Probe.Handler handler, Duration period, Duration timeout) {
        return new Probe(handler, Duration.ZERO, period, timeout, 1, 3);
    }

    static Probe often(Probe.Handler handler) {
        return every(handler, Duration.ofMillis(5), Duration.ofSeconds(30));
    }

    void start(Workload workload, long launch, Probe.Kind kind, Probe probe, @Nullable Integer port) {
        prober.apply(new Effect.StartProbe(workload.name(), launch, kind, probe, workload, IDENTITY, port, false));
    }

    Event.ProbeResult next() {
        try {
            var event = events.poll(60, TimeUnit.SECONDS);
            if (event instanceof Event.ProbeResult result) {
                return result;
            }
            throw new AssertionError("instead of a result: " + event);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The first result with that outcome. */
    Event.ProbeResult next(Event.Outcome outcome) {
        var result = next();
        while (result.outcome() != outcome) {
            result = next();
        }
        return result;
    }

    @Override
    public boolean owns(int port, Identity identity) {
        return ours && identity.equals(IDENTITY);
    }

    @Override
    public Optional<Obstacle.PortInUse> holder(int port) {
        return Optional.ofNullable(holder);
    }

    @Override
    public @Nullable String healthPath(EngineKind kind) {
        return healthPath;
    }

    @Override
    public Question question(Workload workload) {
        return new Question("/v1/chat/completions", "{}");
    }

    @Override
    public Watch watchLines(String name, long launch, Pattern pattern, long from, Consumer<String> found) {
        watching = true;
        line = found;
        return () -> watching = false;
    }

    @Override
    public Commands.Result run(Workload workload, List<String> command, Duration timeout) throws InterruptedException {
        return runner.run(command, timeout);
    }

    static Probe.Handler.Http http(@Nullable Integer port) {
        return new Probe.Handler.Http(port, "/health", Map.of());
    }

    @Override
    public void close() {
        prober.close();
    }
}
