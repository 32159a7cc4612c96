package mlxstack.upstream;

import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Looks after the deadlines of all requests at once, for as long as there are any: a timer for each token would cost
 * more than the token. Event loop only.
 */
final class Ticker {

    private final Vertx vertx;
    private final long everyMillis;
    private final Set<Ticked> watched = new LinkedHashSet<>();
    private long timer = -1;
    private boolean idle;

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
            timer = vertx.setPeriodic(everyMillis, _ -> tick());
        }
    }

    void remove(Ticked done) {
        watched.remove(done);
    }

    private void tick() {
        if (watched.isEmpty()) {
            // Not at once: requests that follow one another would set and cancel a timer each.
            if (idle) {
                vertx.cancelTimer(timer);
                timer = -1;
            }
            idle = true;
            return;
        }
        long now = System.nanoTime();
        List<Ticked> all = new ArrayList<>(watched);
        for (Ticked each : all) {
            if (watched.contains(each)) {
                each.tick(now);
            }
        }
    }
}
