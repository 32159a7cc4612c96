package mlxstack.reconcile;

import java.time.Duration;
import java.time.Instant;

/**
 * Something that is waited out.
 *
 * @param until awake time; comparable only within {@code bootId}
 * @param delay what was to be waited in all; after a restart of the daemon what remains is clamped to it
 * @param wall when that will be, for display
 */
public record Wait(Reason reason, String bootId, long until, Duration delay, Instant wall) {

    public enum Reason {
        BACK_OFF,
        /** Flapping: a single trial follows. */
        HOLD
    }

    /** The same wait as seen at {@code now}, possibly in another life: never longer than it was to be, and over after a
     * boot. */
    Wait resumed(Now now) {
        long left = bootId.equals(now.bootId()) ? Math.clamp(until - now.awake(), 0, delay.toNanos()) : 0;
        return new Wait(
                reason, now.bootId(), now.awake() + left, delay, now.wall().plusNanos(left));
    }
}
