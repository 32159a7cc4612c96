package mlxstack.pull;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** How often and how long a hub is tried again. Belongs to one download; confined to its thread. */
final class Patience {

    private static final int MOST = 6;
    private static final Duration LONGEST = Duration.ofSeconds(30);

    /** What a hub may ask for; more is an answer to be shown to somebody. */
    private static final Duration LONGEST_ASKED = Duration.ofMinutes(10);

    private final Pause pause;
    private final PullWatch watch;
    private int failures;

    Patience(Pause pause, PullWatch watch) {
        this.pause = pause;
        this.watch = watch;
    }

    /** Something came: all may go wrong again as often. */
    void progress() {
        failures = 0;
    }

    /**
     * Waits before another try.
     *
     * @param asked how long the hub wants to be left alone
     * @throws PullProblem.Raised when it has been tried often enough
     */
    void failed(String what, String why, @Nullable Duration asked) throws PullProblem.Raised, InterruptedException {
        failures++;
        if (asked != null && asked.compareTo(LONGEST_ASKED) > 0) {
            throw new PullProblem.Raised(
                    PullProblem.Kind.NETWORK,
                    "%s: %s, and the hub asks to wait %d minutes; try again then, what has come is kept"
                            .formatted(what, why, asked.toMinutes()));
        }
        if (failures >= MOST) {
            throw new PullProblem.Raised(
                    PullProblem.Kind.NETWORK,
                    "%s: %s, %d times in a row; what has come is kept, the same command goes on from there"
                            .formatted(what, why, failures));
        }
        Duration wait = asked == null ? backoff() : asked;
        watch.note("%s: %s; trying again in %d s".formatted(what, why, Math.max(1, wait.toSeconds())));
        pause.rest(wait);
    }

    private Duration backoff() {
        var wait = Duration.ofSeconds(1L << Math.min(10, failures - 1));
        return wait.compareTo(LONGEST) > 0 ? LONGEST : wait;
    }
}
