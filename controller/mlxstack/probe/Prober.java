package mlxstack.probe;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import mlxstack.reconcile.Effect;
import mlxstack.reconcile.Event;
import mlxstack.spec.Probe;

/**
 * Makes the attempts of all probes and reports each result to {@code sink}, which is called by many threads and must
 * not block. Results of a success that the core has heard often enough already are reported once a minute. The methods
 * belong to one thread, the loop's; each probe has a virtual one.
 */
public final class Prober implements AutoCloseable {

    private final Consumer<Event> sink;
    private final Listeners listeners;
    private final ModelServers servers;
    private final LogLines logs;
    private final Commands commands;

    private final Map<Key, Worker> workers = new HashMap<>();

    /** When the latest launch of a name was first heard of. */
    private final Map<String, Launched> launches = new HashMap<>();

    /** How many have been spread over their periods so far. */
    private int spreads;

    private record Key(String name, Probe.Kind kind) {}

    private record Launched(long launch, long at) {}

    public Prober(Consumer<Event> sink, Listeners listeners, ModelServers servers, LogLines logs, Commands commands) {
        this.sink = sink;
        this.listeners = listeners;
        this.servers = servers;
        this.logs = logs;
        this.commands = commands;
    }

    /** Begins, in place of one of the same name and kind. */
    public void apply(Effect.StartProbe effect) {
        long now = System.nanoTime();
        var launched = launches.get(effect.name());
        if (launched == null || launched.launch() != effect.launch()) {
            launched = new Launched(effect.launch(), now);
            launches.put(effect.name(), launched);
        }
        long first = Pace.first(effect.probe(), now, launched.at(), effect.spread(), effect.spread() ? spreads++ : 0);
        var worker = new Worker(
                effect, first, hurry -> new Attempts(effect, listeners, servers, logs, commands, hurry), sink);
        var before = workers.put(new Key(effect.name(), effect.kind()), worker);
        if (before != null) {
            before.stop();
        }
        worker.start();
    }

    /** Ends; does nothing if that launch is not being asked. */
    public void apply(Effect.StopProbe effect) {
        var key = new Key(effect.name(), effect.kind());
        var worker = workers.get(key);
        if (worker != null && worker.probe().launch() == effect.launch()) {
            workers.remove(key);
            worker.stop();
        }
    }

    /** The name is gone for good. */
    public void apply(Effect.Forget effect) {
        launches.remove(effect.name());
        for (var kind : Probe.Kind.values()) {
            var worker = workers.remove(new Key(effect.name(), kind));
            if (worker != null) {
                worker.stop();
            }
        }
    }

    /** Ends them all, and waits for the attempts under way to be broken off. */
    @Override
    public void close() {
        List<Worker> all = new ArrayList<>(workers.values());
        workers.clear();
        all.forEach(Worker::stop);
        try {
            for (var worker : all) {
                worker.join();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
