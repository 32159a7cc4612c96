package mlxstack.reconcile;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Where the one instance of a name is in its life. There is no way to have two. */
public sealed interface Phase {

    /** No process of this name exists. */
    record Idle() implements Phase {}

    /** The intent is written and the spawn asked for; whether a process exists is not known yet. */
    record Launching(long since) implements Phase {}

    /**
     * @param startedAwake since when this daemon knows it to run
     * @param readySince awake time of the last change to Ready; null while not Ready
     * @param adopted taken over from an earlier daemon
     */
    record Running(
            Identity identity,
            long startedAwake,
            Instant startedAt,
            ProbeTrack probes,
            @Nullable Long readySince,
            boolean adopted)
            implements Phase {}

    /**
     * It was asked to end.
     *
     * @param signalled whether the stop signal went out (a pre-stop command runs before it)
     * @param killAt awake time of the next KILL
     * @param kills how many went out
     */
    record Stopping(
            Identity identity, Why why, boolean signalled, long killAt, int kills, long since, Instant startedAt)
            implements Phase {}

    /**
     * The leader is gone; its group, its nonce and its port are being cleared.
     *
     * @param retryAt awake time at which what was left is looked at again; null while an answer is awaited
     */
    record Clearing(
            @Nullable Identity identity,
            Why why,
            long since,
            @Nullable Long retryAt) implements Phase {}

    /** Why an instance is made to end, or ended. */
    enum Why {
        /** By itself. */
        EXIT,
        STOP,
        RESTART,
        ROLLOUT,
        REMOVED,
        LIVENESS,
        STARTUP,
        /** The launch itself failed. */
        FAILED_START
    }

    /** The process there may be; null when none is known. */
    default @Nullable Identity identityOrNull() {
        return switch (this) {
            case Idle _, Launching _ -> null;
            case Running r -> r.identity();
            case Stopping s -> s.identity();
            case Clearing c -> c.identity();
        };
    }
}
