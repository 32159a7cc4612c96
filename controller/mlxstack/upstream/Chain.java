package mlxstack.upstream;

import java.util.List;
import mlxstack.route.Backend.Availability;
import mlxstack.upstream.Fault.Kind;
import mlxstack.wire.ApiError;
import org.jspecify.annotations.Nullable;

/**
 * Decides where a request goes next: which backend, whether it waits, or what its client is told.
 *
 * <p>The reconciler's word comes first, then the backend's own (Retry-After), then its breaker, then the order. A
 * breaker chooses among backends and never refuses: when those of all candidates are open, the first is asked, for the
 * last one is never cut off. Stateless.
 */
final class Chain {

    /** Somebody has to start it first. */
    private static final int STOPPED_RETRY = 60;

    private Chain() {}

    /** For a request that is with nobody: a new one, or one that waits. */
    static Step next(List<Standing> hops) {
        int open = -1;
        for (int i = 0; i < hops.size(); i++) {
            var hop = hops.get(i);
            if (!serves(hop)) {
                continue;
            }
            switch (hop.room()) {
                case FREE -> {
                    if (!hop.open()) {
                        return new Step.Attempt(i);
                    }
                    open = open < 0 ? i : open;
                }
                case PLACE -> {
                    if (!hop.open() && hop.mayWait()) {
                        return new Step.Wait(i);
                    }
                    if (!hop.open() && !leavesFull(hops, i)) {
                        return new Step.Answer(Errors.waitedTooLong(hop));
                    }
                }
                case FULL -> {
                    if (!hop.open() && !leavesFull(hops, i)) {
                        return new Step.Answer(Errors.queueFull(hop));
                    }
                }
            }
        }
        if (open >= 0) {
            return new Step.Attempt(open);
        }
        for (int i = 0; i < hops.size(); i++) {
            var hop = hops.get(i);
            if (!hop.tried() && hop.mayWait() && (comes(hop) || (serves(hop) && hop.room() == Standing.Room.PLACE))) {
                return new Step.Wait(i);
            }
        }
        return new Step.Answer(refusal(hops));
    }

    /**
     * After an attempt has failed.
     *
     * @param at the hop it was at; its standing says tried
     * @param earlier of this request, at other hops
     * @param content whether the client has had any: then nobody else may go on in this one's name
     */
    static Step after(Fault fault, int at, List<Fault> earlier, boolean content, List<Standing> hops) {
        if (fault.kind() == Kind.GONE) {
            return new Step.Drop();
        }
        if (content) {
            return new Step.BreakOff(fault.error());
        }
        Step last = fault.kind() == Kind.STATUS ? new Step.PassOn() : new Step.Answer(fault.error());
        if (!mayFall(fault) || poison(fault, earlier)) {
            return last;
        }
        if (fault.tooLong()) {
            var larger = larger(hops, at);
            return larger == null ? last : larger;
        }
        Step next = next(hops);
        if (next instanceof Step.Attempt || next instanceof Step.Wait) {
            return next;
        }
        // An endpoint of ours that should be serving and is not is about to be started again.
        var here = hops.get(at);
        if (fault.kind() == Kind.REFUSED && here.backend().isLocal() && here.mayWait()) {
            return new Step.Wait(at);
        }
        return last;
    }

    /** Whether the request did the same to two backends, and would to a third. Then it is at fault, not they. */
    static boolean poison(Fault fault, List<Fault> earlier) {
        if (fault.mayBePoison()) {
            for (Fault other : earlier) {
                if (other.isLike(fault)) {
                    return true;
                }
            }
        }
        return false;
    }

    private static boolean mayFall(Fault fault) {
        return switch (fault.kind()) {
            case REFUSED, CLOSED, SILENT, ERROR_EVENT, EMPTY, MALFORMED, TRUNCATED, STALLED, OVERDUE, OVERSPENT -> true;
            // Those that need a translation as well are no candidates then.
            case UNTRANSLATABLE -> true;
            case STATUS ->
                switch (fault.status()) {
                    case 404 -> fault.missing();
                    case 408, 429 -> true;
                    case 400, 413, 422 -> fault.tooLong();
                    default -> fault.status() >= 500;
                };
            case GONE, ABANDONED -> false;
        };
    }

    private static boolean serves(Standing hop) {
        return !hop.tried() && hop.backend().availability() == Availability.READY && hop.restSeconds() == 0;
    }

    private static boolean comes(Standing hop) {
        return switch (hop.backend().availability()) {
            case STARTING, DRAINING -> true;
            case READY, UNAVAILABLE, STOPPED -> false;
        };
    }

    /** Whether another hop may do the work of a full one: any that costs nothing, one that does when the route says so. */
    private static boolean leavesFull(List<Standing> hops, int full) {
        for (int i = full + 1; i < hops.size(); i++) {
            var hop = hops.get(i);
            if (serves(hop)) {
                return hops.get(full).spills() || hop.backend().isLocal();
            }
        }
        return false;
    }

    private static @Nullable Step larger(List<Standing> hops, int at) {
        Integer window = hops.get(at).window();
        for (int i = 0; i < hops.size(); i++) {
            Integer other = hops.get(i).window();
            if (window != null && other != null && other > window && serves(hops.get(i))) {
                switch (hops.get(i).room()) {
                    case FREE -> {
                        return new Step.Attempt(i);
                    }
                    case PLACE -> {
                        if (hops.get(i).mayWait()) {
                            return new Step.Wait(i);
                        }
                    }
                    case FULL -> {
                        // Then one after it.
                    }
                }
            }
        }
        return null;
    }

    /** Nobody serves, and nobody is waited for. */
    private static ApiError refusal(List<Standing> hops) {
        Standing resting = null;
        Standing nearest = null;
        for (Standing hop : hops) {
            var how = hop.backend().availability();
            if (how == Availability.READY && hop.restSeconds() > 0) {
                resting = resting == null || hop.restSeconds() < resting.restSeconds() ? hop : resting;
            }
            if (how != Availability.READY
                    && (nearest == null || how.compareTo(nearest.backend().availability()) < 0)) {
                nearest = hop;
            }
        }
        if (resting != null) {
            return Errors.resting(resting);
        }
        if (nearest == null) {
            return Errors.queueFull(hops.getFirst());
        }
        var backend = nearest.backend();
        var how = backend.availability();
        int after = how == Availability.STOPPED ? STOPPED_RETRY : Math.max(1, backend.retryAfterSeconds());
        return ApiError.notServing(backend.id(), how.word(), how.clause(), after);
    }
}
