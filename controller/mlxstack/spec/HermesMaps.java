package mlxstack.spec;

import org.jspecify.annotations.Nullable;

/** What an entry of Hermes' {@code platforms} and {@code by_source} stands for. Stateless. */
final class HermesMaps {

    private HermesMaps() {}

    /** An endpoint, or a provider and one of its models, as routes name them. */
    record Place(
            @Nullable String endpoint,
            @Nullable String provider,
            @Nullable String model) {}

    /** The name of the model, empty where the entry has no opinion. */
    static Cursor model(Cursor entry) {
        return entry.text() == null ? entry.field("model") : entry;
    }

    /** Null if there is none. A name of this file goes before the name that a server has for its model. */
    static @Nullable Place place(Cursor spec, Cursor entry) {
        var model = model(entry).text("");
        var provider = entry.field("provider").text("");
        if (!provider.isEmpty()) {
            return ofProvider(spec, provider, model);
        }
        var names = GatewayNames.of(spec);
        if (names.endpoints().contains(model)) {
            return new Place(model, null, null);
        }
        for (var owner : names.providers().entrySet()) {
            if (owner.getValue().contains(model)) {
                return new Place(null, owner.getKey(), model);
            }
        }
        for (var endpoint : spec.field("endpoints").items()) {
            if (model.equals(endpoint.field("model").text())) {
                return new Place(endpoint.field("name").text(""), null, null);
            }
        }
        for (var owner : names.providers().keySet()) {
            var place = ofProvider(spec, owner, model);
            if (place != null) {
                return place;
            }
        }
        return null;
    }

    private static @Nullable Place ofProvider(Cursor spec, String provider, String model) {
        for (var one : spec.field("providers").items()) {
            if (provider.equals(one.field("name").text())) {
                for (var offered : one.field("models").items()) {
                    var name = offered.field("name").text("");
                    if (model.equals(name)
                            || model.equals(offered.field("model").text())) {
                        return new Place(null, provider, name);
                    }
                }
            }
        }
        return null;
    }
}
