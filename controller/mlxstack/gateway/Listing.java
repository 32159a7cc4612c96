package mlxstack.gateway;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The models, as OpenAI's and Anthropic's clients want them listed. Stateless. */
final class Listing {

    private Listing() {}

    /** @param since when they began to be there, as far as anybody knows: the start of the gateway */
    static JsonObject all(Table table, ApiError.Dialect dialect, Instant since) {
        var data = new JsonArray();
        table.byModel().forEach((name, endpoints) -> data.add(one(name, endpoints, dialect, since)));
        return switch (dialect) {
            case OPENAI, RESPONSES -> new JsonObject().put("object", "list").put("data", data);
            case ANTHROPIC -> {
                var names = List.copyOf(table.byModel().keySet());
                yield new JsonObject()
                        .put("data", data)
                        .put("has_more", false)
                        .put("first_id", names.isEmpty() ? null : names.getFirst())
                        .put("last_id", names.isEmpty() ? null : names.getLast());
            }
        };
    }

    /** Null when there is none of that name. */
    static @Nullable JsonObject one(Table table, String name, ApiError.Dialect dialect, Instant since) {
        var endpoints = table.byModel().get(name);
        return endpoints == null ? null : one(name, endpoints, dialect, since);
    }

    private static JsonObject one(String name, List<Endpoint> endpoints, ApiError.Dialect dialect, Instant since) {
        return switch (dialect) {
            case OPENAI, RESPONSES -> {
                var best = endpoints.stream()
                        .min(Comparator.comparing(Endpoint::availability))
                        .orElseThrow();
                yield new JsonObject()
                        .put("id", name)
                        .put("object", "model")
                        .put("created", since.getEpochSecond())
                        .put("owned_by", "mlxstack")
                        .put("endpoint", best.name())
                        .put("availability", best.availability().word());
            }
            case ANTHROPIC ->
                new JsonObject()
                        .put("type", "model")
                        .put("id", name)
                        .put("display_name", name)
                        .put("created_at", since.toString());
        };
    }
}
