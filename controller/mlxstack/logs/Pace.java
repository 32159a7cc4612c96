package mlxstack.logs;

import java.time.Duration;

/**
 * How often the store looks.
 *
 * @param busy a log that grows or is watched for lines
 * @param idle a log that has not grown for long
 * @param check whether files were removed and the disk is full
 */
record Pace(Duration busy, Duration idle, Duration check) {

    static final Pace DEFAULT = new Pace(Duration.ofMillis(200), Duration.ofSeconds(10), Duration.ofSeconds(10));

    /** The wait before the next look at a log that last grew {@code quiet} ago; nanoseconds. */
    long after(long quiet) {
        return Math.clamp(quiet / 8, busy.toNanos(), idle.toNanos());
    }

    /** Rounded down, so that what is due at about the same time costs one wake-up. */
    long due(long now, long wait) {
        long grid = wait >= idle.toNanos() ? idle.toNanos() : Math.min(Math.max(1, wait / 2), 1_000_000_000L);
        long due = Math.floorDiv(now + wait, grid) * grid;
        return due - now > 0 ? due : now + wait;
    }
}
