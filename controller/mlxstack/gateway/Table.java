package mlxstack.gateway;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import mlxstack.gateway.Endpoint.Availability;
import mlxstack.spec.Suggestions;

/**
 * Which model is served where. Immutable; a new configuration is a new table, and a request keeps the one it began with.
 *
 * @param digest of the bytes it was read from, SHA-256 in hex
 * @param host loopback address or {@code localhost}, without brackets
 * @param byModel every known name, in the file's order; the endpoint of that name comes first
 */
record Table(
        String digest, String host, int port, List<Endpoint> endpoints, SequencedMap<String, List<Endpoint>> byModel) {

    static Table of(String digest, String host, int port, List<Endpoint> endpoints) {
        var byModel = new LinkedHashMap<String, List<Endpoint>>();
        for (Endpoint endpoint : endpoints) {
            for (String model : endpoint.models()) {
                byModel.computeIfAbsent(model, _ -> new ArrayList<>()).add(endpoint);
            }
        }
        for (Map.Entry<String, List<Endpoint>> entry : byModel.entrySet()) {
            // Somebody may have called an endpoint what another one's model is called.
            entry.getValue()
                    .sort(Comparator.comparing(
                            endpoint -> endpoint.name().equals(entry.getKey()), Comparator.reverseOrder()));
        }
        return new Table(digest, host, port, List.copyOf(endpoints), byModel);
    }

    /** Where a request for {@code model} may go. */
    Route route(String model) {
        var known = byModel.get(model);
        if (known == null) {
            return new Route.Refused(unknown(model));
        }
        var ready = known.stream()
                .filter(endpoint -> endpoint.availability() == Availability.READY)
                .toList();
        if (!ready.isEmpty()) {
            return new Route.To(ready);
        }
        var nearest =
                known.stream().min(Comparator.comparing(Endpoint::availability)).orElseThrow();
        return new Route.Refused(ApiError.notServing(nearest));
    }

    ApiError unknown(String model) {
        return ApiError.unknownModel(
                model, List.copyOf(byModel.keySet()), Suggestions.didYouMean(model, byModel.keySet()));
    }

    sealed interface Route {

        /** @param candidates at least one, the best first */
        record To(List<Endpoint> candidates) implements Route {}

        record Refused(ApiError error) implements Route {}
    }
}
