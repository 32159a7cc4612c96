package mlxstack.upstream;

import java.util.ArrayList;
import java.util.List;
import mlxstack.wire.ApiError;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells breakers, queues and observers how one request's attempts ended. What may have been the request's own doing is told only once it has
 * turned out not to be: when another backend answers it, or fails in another way. Event loop only.
 */
final class Blame {

    private static final int LONGEST_REST = 3_600;

    private static final Logger LOG = LoggerFactory.getLogger(Blame.class);

    private final Observer.Trace trace;
    private final List<Attempt> suspects = new ArrayList<>(1);

    Blame(Observer.Trace trace) {
        this.trace = trace;
    }

    void answered(Attempt attempt, long now) {
        attempt.station.breaker.succeeded(attempt.ticket);
        over(attempt, null, now);
    }

    /** The client has gone, which says nothing of the backend. */
    void gone(Attempt attempt, long now) {
        attempt.station.breaker.neutral(attempt.ticket);
        over(attempt, Fault.of(Fault.Kind.GONE, ApiError.truncated(attempt.backend.id())), now);
    }

    /** @param poison whether an earlier backend failed the same way */
    void failed(Attempt attempt, Fault fault, boolean poison, long now) {
        if (fault.blames()) {
            // Not what it said: that may be somebody's prompt.
            LOG.warn("{} failed: {}", attempt.backend.id(), fault.reason());
        }
        tell(attempt, fault, poison, now);
        over(attempt, fault, now);
    }

    /** Its slot is somebody else's. */
    private void over(Attempt attempt, @Nullable Fault fault, long now) {
        trace.attempted(attempt.record(fault, now, !trace.equals(Observer.NOTHING)));
        attempt.station.queue.leave(fault == null ? now - attempt.began : -1);
        attempt.station.pump();
    }

    private void tell(Attempt attempt, Fault fault, boolean poison, long now) {
        var breaker = attempt.station.breaker;
        boolean busy = fault.kind() == Fault.Kind.STATUS
                && (fault.status() == 429 || (fault.status() == 503 && fault.retryAfter() > 0));
        if (busy) {
            breaker.rest(now, Math.clamp(fault.retryAfter(), 1, LONGEST_REST));
        }
        if (poison) {
            breaker.neutral(attempt.ticket);
            suspects.forEach(each -> each.station.breaker.neutral(each.ticket));
            suspects.clear();
        } else if (!fault.blames()) {
            breaker.neutral(attempt.ticket);
        } else if (fault.mayBePoison()) {
            suspects.add(attempt);
        } else {
            breaker.failed(attempt.ticket, now);
        }
    }

    /** The request is done, or somebody could answer it. */
    void settle(long now) {
        if (!suspects.isEmpty()) {
            suspects.forEach(each -> each.station.breaker.failed(each.ticket, now));
            suspects.clear();
        }
    }
}
