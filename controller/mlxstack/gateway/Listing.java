package mlxstack.gateway;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import mlxstack.route.Backend;
import mlxstack.route.Table;
import mlxstack.wire.Dialect;
import org.jspecify.annotations.Nullable;

/** The models, as OpenAI's and Anthropic's clients want them listed. Stateless. */
final class Listing {

    private Listing() {}

    /** @param since when they began to be there, as far as anybody knows: the start of the gateway */
    static JsonObject all(Table table, Dialect dialect, Instant since) {
        var data = new JsonArray();
        table.byName().forEach((name, endpoints) -> data.add(one(name, endpoints, dialect, since)));
        return switch (dialect) {
            case CHAT, RESPONSES -> new JsonObject().put("object", "list").put("data", data);
            case MESSAGES -> {
                var names = List.copyOf(table.byName().keySet());
                yield new JsonObject()
                        .put("data", data)
                        .put("has_more", false)
                        .put("first_id", names.isEmpty() ? null : names.getFirst())
                        .put("last_id", names.isEmpty() ? null : names.getLast());
            }
        };
    }

    /** Null when there is none of that name. */
    static @Nullable JsonObject one(Table table, String name, Dialect dialect, Instant since) {
        var endpoints = table.byName().get(name);
        return endpoints == null ? null : one(name, endpoints, dialect, since);
    }

    private static JsonObject one(String name, List<Backend> endpoints, Dialect dialect, Instant since) {
        return switch (dialect) {
            case CHAT, RESPONSES -> {
                var best = endpoints.stream()
                        .min(Comparator.comparing(Backend::availability))
                        .orElseThrow();
                yield new JsonObject()
                        .put("id", name)
                        .put("object", "model")
                        .put("created", since.getEpochSecond())
                        .put("owned_by", "mlxstack")
                        .put("endpoint", best.id())
                        .put("availability", best.availability().word());
            }
            case MESSAGES ->
                new JsonObject()
                        .put("type", "model")
                        .put("id", name)
                        .put("display_name", name)
                        .put("created_at", since.toString());
        };
    }
}
