package mlxstack.route;

import java.util.List;
import mlxstack.spec.Suggestions;
import mlxstack.wire.ApiError;

/** Decides where a request may go; which of these places serve now is asked when it is sent there. Stateless. */
public final class Router {

    private Router() {}

    public static Decision decide(Table table, Ask ask) {
        var known = table.byName().get(ask.model());
        if (known == null) {
            return new Decision.Refused(unknown(table, ask.model()), List.of());
        }
        return new Decision.To(
                known.stream()
                        .map(backend -> new Hop(backend, backend.timeouts(), false, null))
                        .toList(),
                null,
                null,
                List.of());
    }

    public static ApiError unknown(Table table, String model) {
        var names = table.byName().keySet();
        return ApiError.unknownModel(model, List.copyOf(names), Suggestions.didYouMean(model, names));
    }
}
