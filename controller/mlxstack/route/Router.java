package mlxstack.route;

import java.util.Comparator;
import java.util.List;
import mlxstack.route.Backend.Availability;
import mlxstack.spec.Suggestions;
import mlxstack.spec.Timeouts;
import mlxstack.wire.ApiError;

/** Decides where a request goes. Stateless. */
public final class Router {

    /** Somebody has to start it first. */
    private static final int STOPPED_RETRY = 60;

    private Router() {}

    public static Decision decide(Table table, Ask ask) {
        var known = table.byName().get(ask.model());
        if (known == null) {
            return new Decision.Refused(unknown(table, ask.model()), List.of());
        }
        var ready = known.stream()
                .filter(backend -> backend.availability() == Availability.READY)
                .map(backend -> new Hop(backend, Timeouts.DEFAULT, false, null))
                .toList();
        if (!ready.isEmpty()) {
            return new Decision.To(ready, null, null, List.of());
        }
        var nearest =
                known.stream().min(Comparator.comparing(Backend::availability)).orElseThrow();
        return new Decision.Refused(notServing(nearest), List.of());
    }

    private static ApiError notServing(Backend backend) {
        var how = backend.availability();
        int after = how == Availability.STOPPED ? STOPPED_RETRY : Math.max(1, backend.retryAfterSeconds());
        return ApiError.notServing(backend.id(), how.word(), how.clause(), after);
    }

    public static ApiError unknown(Table table, String model) {
        var names = table.byName().keySet();
        return ApiError.unknownModel(model, List.copyOf(names), Suggestions.didYouMean(model, names));
    }
}
