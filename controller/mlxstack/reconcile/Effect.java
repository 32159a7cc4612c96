package mlxstack.reconcile;

import java.util.List;
import mlxstack.spec.Policy.KillMode;
import mlxstack.spec.Probe;
import mlxstack.spec.Provider;
import mlxstack.spec.Workload;
import org.jspecify.annotations.Nullable;

/**
 * Everything the core can ask for. Effects of one name are carried out in the order they were emitted; each of them
 * reports back with the {@link Event} named in its comment, or with none.
 */
public sealed interface Effect {

    /** The name whose lane the effect belongs to; null for the stack's own. */
    @Nullable
    String name();

    /** Write the record; {@code sync} says it must survive the machine. Failure: {@link Event.PersistFailed}. */
    record Persist(String name, UnitRecord record, boolean sync) implements Effect {}

    /** The stack's own record, always synced. */
    record PersistStack(StackRecord record) implements Effect {
        @Override
        public @Nullable String name() {
            return null;
        }
    }

    /** The name is gone for good: its records are deleted. Its logs stay, under retention. */
    record Forget(String name) implements Effect {}

    /**
     * Resolve the command line, check what it needs, and start it. Answer: {@link Event.ProcessSpawned} or {@link
     * Event.SpawnFailed}.
     *
     * @param port declared or allotted; null where none is needed
     * @param durable refuse with {@link Obstacle.NotDurable} if the intent could not be written
     */
    record Spawn(
            String name,
            long launch,
            Workload workload,
            @Nullable Integer port,
            String nonce,
            boolean durable) implements Effect {}

    /** Check what a launch would need without launching. Answer: {@link Event.Inspected}. */
    record Inspect(
            String name,
            long launch,
            Workload workload,
            @Nullable Integer port) implements Effect {}

    /** Signal the process group of that identity, if it still is that identity; with {@code CONT} after it. */
    record Signal(String name, long launch, Identity identity, String signal) implements Effect {}

    /**
     * What comes before the stop signal. Answer: {@link Event.PreStopDone}.
     *
     * @param timeoutNanos of the workload's own command, if it has one
     * @param drainNanos how long the gateway's requests that are with it may take to end, before that; 0: nobody asks
     */
    record PreStop(String name, long launch, Workload workload, long timeoutNanos, long drainNanos) implements Effect {}

    /**
     * The leader has ended: end what is left of its group (and, by {@code killMode}, of its nonce), and see that its
     * port is free. Answer: {@link Event.Cleared}.
     */
    record Clear(
            String name,
            long launch,
            @Nullable Identity identity,
            String nonce,
            @Nullable Integer port,
            KillMode killMode)
            implements Effect {}

    /** Watch an adopted instance for its end, follow its log. A spawned one is watched from the spawn on. */
    record Adopt(String name, long launch, Identity identity) implements Effect {}

    /**
     * Answer: {@link Event.ProbeResult}, again and again until stopped.
     *
     * @param spread wait a part of the period first, so that many do not fire together
     */
    record StartProbe(
            String name,
            long launch,
            Probe.Kind kind,
            Probe probe,
            Workload workload,
            Identity identity,
            @Nullable Integer port,
            boolean spread)
            implements Effect {}

    record StopProbe(String name, long launch, Probe.Kind kind) implements Effect {}

    /** Send the declared reload. Answer: {@link Event.Reloaded}. */
    record Reload(String name, long launch, Identity identity, Workload workload) implements Effect {}

    /** One timer a name: replaces the one before. Answer: {@link Event.TimerFired}. */
    record SetTimer(String name, long at) implements Effect {}

    record CancelTimer(String name) implements Effect {}

    /** What the gateway should serve; equal content is not written again. Secrets are references. */
    record WriteGatewayConfig(
            List<Backend> backends,
            List<Provider> providers,
            mlxstack.spec.Gateway gateway,
            @Nullable Relay relay) implements Effect {
        public WriteGatewayConfig {
            backends = List.copyOf(backends);
            providers = List.copyOf(providers);
        }

        /** One that serves by itself. */
        public WriteGatewayConfig(List<Backend> backends, List<Provider> providers, mlxstack.spec.Gateway gateway) {
            this(backends, providers, gateway, null);
        }

        @Override
        public @Nullable String name() {
            return null;
        }
    }

    /** What a LiteLLM that is about to be started will read; before its {@link Spawn}. */
    record WriteLitellmConfig(String name, WriteGatewayConfig table) implements Effect {}

    /**
     * The LiteLLM that the gateway hands everything to.
     *
     * @param name of its process
     * @param port null before its first launch
     */
    record Relay(String name, @Nullable Integer port, Availability availability, int retryAfterSeconds) {}

    /** Tell people. {@code name} null is about the stack. */
    record EmitEvent(@Nullable String name, Type type, String reason, String message) implements Effect {
        public enum Type {
            NORMAL,
            WARNING
        }
    }

    /**
     * One endpoint as the gateway sees it.
     *
     * @param models the names clients may use: the endpoint's name first, then its model's and its roles
     * @param workload what its process was or will be started as, which decides what it calls its model
     * @param concurrency requests it is given at a time; null: no limit
     * @param queue null: nobody waits
     * @param serving what the stack file says of how it serves; null: nothing
     */
    record Backend(
            String endpoint,
            List<String> models,
            int port,
            Availability availability,
            int retryAfterSeconds,
            Workload workload,
            @Nullable Integer concurrency,
            Workload.@Nullable Queue queue,
            Workload.@Nullable Serving serving) {
        public Backend {
            models = List.copyOf(models);
        }

        /** One whose process is as the stack file has it. */
        public Backend(
                String endpoint,
                List<String> models,
                int port,
                Availability availability,
                int retryAfterSeconds,
                Workload workload) {
            this(
                    endpoint,
                    models,
                    port,
                    availability,
                    retryAfterSeconds,
                    workload,
                    workload.template().concurrency(),
                    workload.queue(),
                    workload.serving());
        }
    }

    enum Availability {
        READY,
        /** Not there yet, or on its way back: hold or refuse with Retry-After. */
        STARTING,
        /** Takes no new requests; running ones end. */
        DRAINING,
        /** Held or failed: route around it. */
        UNAVAILABLE,
        /** Stopped on purpose. */
        STOPPED
    }
}
