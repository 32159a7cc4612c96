package mlxstack.spec;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where requests that match go. Routes are tried in list order; the first match decides.
 *
 * @param backends in the order in which they are tried; empty: what the model's name says (a route may only name a rule)
 */
public record Route(String name, Match match, List<Target> backends) {

    public Route {
        backends = List.copyOf(backends);
    }

    /** All that is given must hold; a list means any of it; empty means no opinion. Header names in lower case. */
    public record Match(
            List<String> model,
            List<String> modelClass,
            List<String> key,
            Map<String, List<String>> headers,
            Map<String, List<String>> context) {
        public Match {
            model = List.copyOf(model);
            modelClass = List.copyOf(modelClass);
            key = List.copyOf(key);
            headers = Map.copyOf(headers);
            context = Map.copyOf(context);
        }
    }

    /**
     * Either an endpoint (by name or role), or a provider and one of its models.
     *
     * @param spillQueueFull whether the next backend is taken when this one's queue is full
     */
    public record Target(
            @Nullable String endpoint,
            @Nullable String provider,
            @Nullable String model,
            Timeouts timeouts,
            boolean spillQueueFull) {}
}
