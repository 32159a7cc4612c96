package mlxstack.upstream;

import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Looks after the deadlines of all requests at once, for as long as there are any: a timer for each token would cost
 * more than the token. Event loop only.
 */
final class Ticker {

    /** A look that comes so many times later than it should. */
    private static final int LATE = 4;

    private final Vertx vertx;
    private final long everyMillis;
    private final Set<Ticked> watched = new LinkedHashSet<>();
    private long timer = -1;
    private boolean idle;
    private long latest;
    private boolean wasLate;

    /** Compared by identity. */
    @FunctionalInterface
    interface Ticked {

        /** @param now of {@link System#nanoTime} */
        void tick(long now);
    }

    Ticker(Vertx vertx, long everyMillis) {
        this.vertx = vertx;
        this.everyMillis = everyMillis;
    }

    void add(Ticked fresh) {
        watched.add(fresh);
        idle = false;
        if (timer < 0) {
            latest = System.nanoTime();
            timer = vertx.setPeriodic(everyMillis, _ -> tick(System.nanoTime()));
        }
    }

    void remove(Ticked done) {
        watched.remove(done);
    }

    void tick(long now) {
        boolean late = isLate(now);
        if (watched.isEmpty()) {
            // Not at once: requests that follow one another would set and cancel a timer each.
            if (idle) {
                vertx.cancelTimer(timer);
                timer = -1;
            }
            idle = true;
            return;
        }
        if (late) {
            return;
        }
        List<Ticked> all = new ArrayList<>(watched);
        for (Ticked each : all) {
            if (watched.contains(each)) {
                each.tick(now);
            }
        }
    }

    /** The loop was busy with something else, and answers may wait to be read that came in time: they are read first. */
    private boolean isLate(long now) {
        wasLate = !wasLate && now - latest > TimeUnit.MILLISECONDS.toNanos(everyMillis) * LATE;
        latest = now;
        return wasLate;
    }
}
