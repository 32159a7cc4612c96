package mlxstack.reconcile;

import java.util.List;
import mlxstack.spec.Probe;
import org.jspecify.annotations.Nullable;

/**
 * Everything the core can be told. Messages about an instance carry (name, launch), so that late ones are known as
 * such.
 */
public sealed interface Event {

    /**
     * The daemon has started: what was written down before, and what was found of it. First event of a life.
     *
     * @param revision the latest accepted one; null before the first
     */
    record Recovered(StackRecord stack, @Nullable Revision revision, List<UnitRecord> units, List<Found> found)
            implements Event {
        public Recovered {
            units = List.copyOf(units);
            found = List.copyOf(found);
        }
    }

    /** A valid revision of the stack file. */
    record SpecAccepted(Revision revision) implements Event {}

    /** How the stack file stands; a valid one is followed by {@link SpecAccepted}. */
    record SourceChanged(Source source) implements Event {}

    /** @param commandDigest of the generated command line, to tell an outdated instance after an upgrade */
    record ProcessSpawned(String name, long launch, Identity identity, String commandDigest) implements Event {}

    record SpawnFailed(String name, long launch, Obstacle obstacle) implements Event {}

    record ProcessExited(String name, long launch, ExitStatus status) implements Event {}

    /**
     * The answer to {@link Effect.Clear}.
     *
     * @param clear nothing of that launch stands in the way of the next one
     * @param leftovers one line for each process that is still there: in the way if not {@code clear}, else only to
     *     be reported
     */
    record Cleared(String name, long launch, boolean clear, List<String> leftovers) implements Event {
        public Cleared {
            leftovers = List.copyOf(leftovers);
        }
    }

    /** The answer to {@link Effect.Inspect}: what would stand in the way of a launch now; null is nothing. */
    record Inspected(
            String name,
            long launch,
            @Nullable Obstacle obstacle,
            @Nullable String commandDigest) implements Event {}

    /** @param foreign who listens on the workload's port in its place; null unless that is why the probe failed */
    record ProbeResult(
            String name,
            long launch,
            Probe.Kind kind,
            Outcome outcome,
            String message,
            Obstacle.@Nullable PortInUse foreign)
            implements Event {

        public ProbeResult(String name, long launch, Probe.Kind kind, Outcome outcome, String message) {
            this(name, launch, kind, outcome, message, null);
        }
    }

    /** The answer to {@link Effect.PreStop}, however it ended. */
    record PreStopDone(String name, long launch, String message) implements Event {}

    /** The answer to {@link Effect.Reload}. */
    record Reloaded(String name, long launch, boolean ok, String message) implements Event {}

    /** @param at the deadline that was set; an older one is ignored */
    record TimerFired(String name, long at) implements Event {}

    record Commanded(Command command) implements Event {}

    /** Every minute: look at everything again, whatever edge was missed. */
    record Resync() implements Event {}

    /** @param total bytes of memory of the machine */
    record MemoryObserved(long total) implements Event {}

    record PersistFailed(@Nullable String name, String message) implements Event {}

    /** The first write that went well after a failed one. */
    record PersistRecovered() implements Event {}

    /** The gateway says which configuration it serves. */
    record GatewayObserved(String digest) implements Event {}

    enum Outcome {
        SUCCESS,
        FAILURE,
        /** The probe itself could not be run: thrown away. */
        UNKNOWN
    }

    /** What was found at a daemon start of an instance that had been written down. */
    record Found(String name, long launch, Fate fate) {}

    sealed interface Fate {
        /** It runs; for an intent without identity, found by its nonce. */
        record Alive(Identity identity) implements Fate {}

        record Gone(ExitStatus status) implements Fate {}

        /** The recorded pid belongs to somebody else now, or the machine has booted since. */
        record Lost(String reason) implements Fate {}
    }

    /** The name an event concerns; null for those about the whole. */
    default @Nullable String subject() {
        return switch (this) {
            case ProcessSpawned e -> e.name();
            case SpawnFailed e -> e.name();
            case ProcessExited e -> e.name();
            case Cleared e -> e.name();
            case Inspected e -> e.name();
            case ProbeResult e -> e.name();
            case PreStopDone e -> e.name();
            case Reloaded e -> e.name();
            case TimerFired e -> e.name();
            case Recovered _,
                    SpecAccepted _,
                    SourceChanged _,
                    Commanded _,
                    Resync _,
                    MemoryObserved _,
                    PersistFailed _,
                    PersistRecovered _,
                    GatewayObserved _ -> null;
        };
    }
}
