package mlxstack.gateway;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import mlxstack.route.Backend;
import mlxstack.route.Router;
import mlxstack.route.Table;
import mlxstack.wire.Dialect;
import org.jspecify.annotations.Nullable;

/** The models, as OpenAI's and Anthropic's clients want them listed. Stateless. */
final class Listing {

    private Listing() {}

    /**
     * What this key may ask for; what only routes and complexity know has no endpoint of its own.
     *
     * @param key its name; null without one
     * @param since when they began to be there, as far as anybody knows: the start of the gateway
     */
    static JsonObject all(Table table, @Nullable String key, Dialect dialect, Instant since) {
        var data = new JsonArray();
        var names = List.copyOf(Router.names(table, key));
        names.forEach(name -> data.add(one(name, table.byName().getOrDefault(name, List.of()), dialect, since)));
        return switch (dialect) {
            case CHAT, RESPONSES -> new JsonObject().put("object", "list").put("data", data);
            case MESSAGES ->
                new JsonObject()
                        .put("data", data)
                        .put("has_more", false)
                        .put("first_id", names.isEmpty() ? null : names.getFirst())
                        .put("last_id", names.isEmpty() ? null : names.getLast());
        };
    }

    /** Null when there is none of that name for this key. */
    static @Nullable JsonObject one(Table table, @Nullable String key, String name, Dialect dialect, Instant since) {
        return Router.names(table, key).contains(name)
                ? one(name, table.byName().getOrDefault(name, List.of()), dialect, since)
                : null;
    }

    private static JsonObject one(String name, List<Backend> endpoints, Dialect dialect, Instant since) {
        return switch (dialect) {
            case CHAT, RESPONSES -> {
                var model = new JsonObject()
                        .put("id", name)
                        .put("object", "model")
                        .put("created", since.getEpochSecond())
                        .put("owned_by", "mlxstack");
                endpoints.stream()
                        .min(Comparator.comparing(Backend::availability))
                        .ifPresent(best -> model.put("endpoint", best.id())
                                .put("availability", best.availability().word()));
                yield model;
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
