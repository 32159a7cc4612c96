package mlxstack.ledger;

import java.time.Duration;
import java.time.Instant;

/**
 * A limit per minute: a bucket that holds a minute's worth and fills steadily. Confined to one thread; time is passed
 * in.
 */
final class Bucket {

    private final long perMinute;
    private double level;
    private Instant filled;

    Bucket(long perMinute, Instant now) {
        this.perMinute = perMinute;
        this.level = perMinute;
        this.filled = now;
    }

    /** How long until {@code amount} is there; zero when it is. What never fits counts as a whole bucket. */
    Duration wait(long amount, Instant now) {
        fill(now);
        double missing = Math.min(amount, perMinute) - level;
        return missing <= 0 ? Duration.ZERO : Duration.ofMillis((long) Math.ceil(missing * 60_000 / perMinute));
    }

    /** Takes {@code amount}, also what is not there: whoever used more than was thought waits for longer the next time. */
    void take(long amount, Instant now) {
        fill(now);
        level -= amount;
    }

    /** Gives back what was taken and not used. */
    void give(long amount) {
        level = Math.min((double) perMinute, level + amount);
    }

    private void fill(Instant now) {
        long ms = Duration.between(filled, now).toMillis();
        if (ms > 0) {
            level = Math.min((double) perMinute, level + perMinute * (ms / 60_000.0));
        }
        if (ms != 0) {
            // Also when the clock was set back: the time until it comes here again would not fill anything.
            filled = now;
        }
    }
}
