package mlxstack.spec;

import java.time.Duration;
import java.util.Set;

/**
 * When and how soon a workload that ended is started again.
 *
 * @param permanentExitCodes exit codes after which only a change helps, so that no retry follows
 */
public record RestartPolicy(When when, Backoff backoff, Set<Integer> permanentExitCodes) {

    public RestartPolicy {
        permanentExitCodes = Set.copyOf(permanentExitCodes);
    }

    public enum When {
        ALWAYS,
        ON_FAILURE,
        NEVER
    }

    /**
     * Delay before retry n (from 0) is {@code min(max, initial * factor^n)} plus up to {@code jitter} of itself.
     *
     * @param jitter 0 to 1
     * @param resetAfter continuous Ready time after which the count starts over
     */
    public record Backoff(Duration initial, double factor, Duration max, double jitter, Duration resetAfter) {}
}
