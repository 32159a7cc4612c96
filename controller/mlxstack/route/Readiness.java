package mlxstack.route;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import mlxstack.route.Backend.Availability;
import mlxstack.wire.ApiError;
import org.jspecify.annotations.Nullable;

/**
 * What the reconciler says of the backends, before anything else is tried: those that are ready come first, then those
 * that are on their way (a request may wait for them), each in the order in which they were written; what cannot serve
 * is left out. Stateless.
 */
final class Readiness {

    /** Somebody has to start it first. */
    private static final int STOPPED_RETRY = 60;

    private Readiness() {}

    /** @param wanted at least one */
    static Decision settle(List<Hop> wanted, @Nullable String route, @Nullable String level, Trail trail) {
        if (wanted.size() == 1 && isReady(wanted.getFirst())) {
            return trail.to(wanted, route, level);
        }
        var hops = new ArrayList<Hop>();
        var waiting = new ArrayList<Hop>();
        for (Hop hop : wanted) {
            if (isReady(hop)) {
                hops.add(hop);
            } else {
                String word = hop.backend().availability().word();
                if (isWorthWaiting(hop)) {
                    waiting.add(hop);
                    trail.add(word + ":" + hop.backend().id());
                } else {
                    trail.reject(word, hop.backend());
                }
            }
        }
        hops.addAll(waiting);
        if (hops.isEmpty()) {
            return trail.refused(notServing(wanted));
        }
        return trail.to(hops, route, level);
    }

    static boolean isReady(Hop hop) {
        return hop.backend().availability() == Availability.READY;
    }

    private static boolean isWorthWaiting(Hop hop) {
        return switch (hop.backend().availability()) {
            case READY -> true;
            case STARTING, DRAINING -> hop.backend().maxWait().isPositive();
            case UNAVAILABLE, STOPPED -> false;
        };
    }

    private static ApiError notServing(List<Hop> wanted) {
        var nearest = wanted.stream()
                .map(Hop::backend)
                .min(Comparator.comparing(Backend::availability))
                .orElseThrow();
        var how = nearest.availability();
        int after = how == Availability.STOPPED ? STOPPED_RETRY : Math.max(1, nearest.retryAfterSeconds());
        return ApiError.notServing(nearest.id(), how.word(), how.clause(), after);
    }
}
