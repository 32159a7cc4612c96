package mlxstack.reconcile;

import io.vavr.collection.Vector;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How often a name has failed lately, and what is being waited out because of it.
 *
 * @param restarts unplanned restarts in all, for display
 * @param failures in a row; n in the back-off's formula
 * @param waiting null when nothing is waited out
 * @param recent awake times of unplanned restarts within the flapping window
 * @param hold length of the latest hold; null while not flapping
 * @param cutShort a dependency that came back has ended a wait of this streak already
 */
public record Streak(
        int restarts,
        int failures,
        @Nullable Wait waiting,
        Vector<Long> recent,
        @Nullable Duration hold,
        boolean cutShort) {

    static final Streak NONE = new Streak(0, 0, null, Vector.empty(), null, false);

    public boolean flapping() {
        return hold != null;
    }

    Streak withWait(@Nullable Wait next) {
        return new Streak(restarts, failures, next, recent, hold, cutShort);
    }

    /** A clean slate; what was counted for display stays. */
    Streak reset() {
        return new Streak(restarts, 0, null, Vector.empty(), null, false);
    }

    /** A dependency is back: what is left of the wait is dropped, once a streak. */
    Streak cut() {
        return new Streak(restarts, failures, null, hold == null ? recent : Vector.empty(), null, true);
    }
}
