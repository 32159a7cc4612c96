package mlxstack.upstream;

import java.time.Duration;

/**
 * How fast an endpoint of ours reads prompts, learnt from those it answered, so that a long prompt is not taken for a
 * fault. In bytes of the request: tokens are not counted for this. Event loop only.
 */
final class PromptRate {

    /** What is shorter is answered in a time that says little about reading. */
    private static final int TELLING = 4_096;

    private static final double WEIGHT = 0.3;
    private static final int MARGIN = 3;
    private static final Duration LONGEST = Duration.ofHours(1);

    private double nanosPerByte;

    /** @param nanos from the request being sent to the first content */
    void seen(int bytes, long nanos) {
        if (bytes >= TELLING) {
            double fresh = (double) nanos / bytes;
            nanosPerByte = nanosPerByte == 0 ? fresh : nanosPerByte + WEIGHT * (fresh - nanosPerByte);
        }
    }

    /** The given limit, or more for a prompt that needs more; zero stays no limit. */
    Duration allow(Duration limit, int bytes) {
        if (limit.isZero()) {
            return limit;
        }
        var needed = Duration.ofNanos((long) (MARGIN * nanosPerByte * bytes));
        var allowed = needed.compareTo(LONGEST) > 0 ? LONGEST : needed;
        return allowed.compareTo(limit) > 0 ? allowed : limit;
    }
}
