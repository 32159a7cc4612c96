package mlxstack.spec;

import java.time.Duration;

/**
 * How long a backend is given. Zero is no limit.
 *
 * @param connect until the connection stands
 * @param firstToken until the first content; begun anew by any sign of progress
 * @param idle between two pieces of content
 * @param total for the whole answer
 */
public record Timeouts(Duration connect, Duration firstToken, Duration idle, Duration total) {

    public static final Timeouts DEFAULT =
            new Timeouts(Duration.ofSeconds(2), Duration.ofSeconds(120), Duration.ofSeconds(120), Duration.ZERO);
}
