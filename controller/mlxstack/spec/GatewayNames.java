package mlxstack.spec;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What routes, keys and levels may refer to. Confined to one parse.
 *
 * @param endpoints names and roles
 * @param providers each with the names of its models
 * @param models all that a client may ask for, those that only a route knows too
 */
record GatewayNames(Set<String> endpoints, Map<String, List<String>> providers, Set<String> models, Set<String> keys) {

    private static final int SHOWN = 8;

    static GatewayNames of(Cursor spec) {
        var endpoints = new LinkedHashSet<String>();
        var models = new LinkedHashSet<String>();
        for (var endpoint : spec.field("endpoints").items()) {
            add(endpoint.field("name"), endpoints);
            endpoint.field("roles").items().forEach(role -> add(role, endpoints));
        }
        models.addAll(endpoints);
        var providers = new LinkedHashMap<String, List<String>>();
        for (var provider : spec.field("providers").items()) {
            var names = new ArrayList<String>();
            provider.field("models").items().forEach(model -> add(model.field("name"), names));
            var name = provider.field("name").text("");
            providers.put(name, names);
            models.addAll(names);
            names.forEach(model -> models.add(name + "/" + model));
        }
        spec.field("endpoints").items().forEach(endpoint -> add(endpoint.field("model"), models));
        var gateway = spec.field("gateway");
        for (var route : gateway.field("routes").items()) {
            models.addAll(route.field("match").field("model").anyOf());
        }
        var complexity = gateway.field("complexity");
        if (complexity.present()) {
            models.add(complexity.field("model").text(ComplexityReader.MODEL));
        }
        var keys = new LinkedHashSet<String>();
        gateway.field("keys").items().forEach(key -> add(key.field("name"), keys));
        return new GatewayNames(endpoints, providers, models, keys);
    }

    private static void add(Cursor at, Collection<String> names) {
        var name = at.text();
        if (name != null) {
            names.add(name);
        }
    }

    /** Complains about a name that is none of those. */
    static void known(Cursor at, String what, Collection<String> names, Problems problems) {
        var name = at.text();
        if (name != null && !name.isEmpty() && !names.contains(name)) {
            problems.add(at, "there is no %s %s%s".formatted(what, Found.quoted(name), help(name, names)));
        }
    }

    private static String help(String name, Collection<String> names) {
        var near = Suggestions.didYouMean(name, names);
        if (!near.isEmpty()) {
            return near;
        }
        return names.isEmpty() || names.size() > SHOWN
                ? "; expected one that this file declares"
                : "; expected one of " + String.join(", ", names);
    }
}
