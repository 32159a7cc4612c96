package mlxstack.upstream;

import java.util.concurrent.TimeUnit;
import mlxstack.route.Backend;
import mlxstack.route.Backend.Availability;
import org.jspecify.annotations.Nullable;

/** Where a request waits for its turn, and how long it has waited in all. Event loop only. */
final class Place {

    private static final long LONGEST_PAUSE_MILLIS = 1_000;

    private final Dispatcher all;
    private final Dispatch request;
    private final String lane;
    private @Nullable Station station;
    private @Nullable Backend backend;
    private long since;
    private long before;
    private int arrival;
    private long again;
    private long pause;

    Place(Dispatcher all, Dispatch request, String lane) {
        this.all = all;
        this.request = request;
        this.lane = lane;
        this.pause = all.pace.againMillis();
    }

    /** Waits there; keeps its place when it does already. */
    void take(Station at, Backend of, long now) {
        backend = of;
        if (!at.equals(station)) {
            var left = leave(now);
            backend = of;
            station = at;
            since = now;
            at.queue.add(lane, request);
            all.waiting.add(request);
            arrival = arrival == 0 ? position() : arrival;
            if (left != null) {
                left.pump();
            }
        }
    }

    /** An endpoint that should serve takes no connection: it is tried again before long. */
    void tryAgainLater(long now) {
        again = now + TimeUnit.MILLISECONDS.toNanos(pause);
        pause = Math.min(LONGEST_PAUSE_MILLIS, pause * 2);
    }

    boolean isPaused() {
        return again != 0;
    }

    void endPause() {
        again = 0;
    }

    /**
     * Waits no longer.
     *
     * @return where it did; somebody else's turn may have come there; null when it did not
     */
    @Nullable
    Station leave(long now) {
        var left = station;
        if (left != null) {
            gone(now);
            left.queue.remove(lane, request);
        }
        return left;
    }

    /** Its turn has come: from waiting to a slot. */
    void admit(Station to, long now) {
        if (to.equals(station) && request.equals(to.queue.next())) {
            gone(now);
            to.queue.admit();
        } else {
            var left = leave(now);
            to.queue.enter();
            if (left != null) {
                left.pump();
            }
        }
    }

    private void gone(long now) {
        before += now - since;
        station = null;
        backend = null;
        again = 0;
        all.waiting.remove(request);
    }

    boolean isAt(Station there) {
        return there.equals(station);
    }

    /** Whether it is its turn. */
    boolean isNext() {
        return station != null && request.equals(station.queue.next());
    }

    /** The position it was given when it came; 0 when it never had to wait. */
    int arrival() {
        return arrival;
    }

    long waited(long now) {
        return before + (station == null ? 0 : now - since);
    }

    /** Whether there is something to decide: it waited too long, or its pause is over. */
    boolean isDue(long now) {
        var of = backend;
        return of != null
                && ((again != 0 && again - now <= 0)
                        || waited(now) >= of.maxWait().toNanos());
    }

    /** From 1; 0 when it does not wait. */
    int position() {
        return station == null ? 0 : station.queue.position(lane, request);
    }

    int estimate() {
        return station == null ? 0 : station.queue.estimate(position());
    }

    /** For people. */
    String words() {
        var of = backend;
        if (of == null || station == null) {
            return "working";
        }
        return of.availability() == Availability.READY && again == 0
                ? "queued at %s, position %d, about %d s".formatted(of.id(), position(), estimate())
                : "waiting for %s, position %d".formatted(of.id(), position());
    }
}
