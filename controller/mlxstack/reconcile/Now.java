package mlxstack.reconcile;

import java.time.Duration;
import java.time.Instant;

/**
 * The time an event was taken up.
 *
 * @param awake monotonic nanoseconds since boot that stop while the machine sleeps; the only clock decisions use
 * @param bootId changes at every boot, so that stored {@code awake} values are known to be comparable
 * @param wall for display only
 */
public record Now(long awake, String bootId, Instant wall) {

    /** The awake time {@code delay} from now. */
    public long in(Duration delay) {
        return awake + delay.toNanos();
    }

    /** The wall time at which {@code awake} will be reached, as far as one can tell. */
    public Instant wallAt(long otherAwake) {
        return wall.plusNanos(otherAwake - awake);
    }
}
