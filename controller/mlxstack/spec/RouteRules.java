package mlxstack.spec;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Routes and keys name what exists. */
final class RouteRules {

    private static final List<String> TIMEOUTS = List.of("connect", "firstToken", "idle", "total");

    private final Problems problems;
    private final Set<String> endpoints = new LinkedHashSet<>();
    private final Map<String, List<String>> providers = new HashMap<>();
    private final Set<String> models = new LinkedHashSet<>();
    private final Set<String> keys = new LinkedHashSet<>();

    private RouteRules(Cursor spec, Problems problems) {
        this.problems = problems;
        for (var endpoint : spec.field("endpoints").items()) {
            add(endpoint.field("name"), endpoints);
            endpoint.field("roles").items().forEach(role -> add(role, endpoints));
        }
        models.addAll(endpoints);
        for (var provider : spec.field("providers").items()) {
            var names = new ArrayList<String>();
            provider.field("models").items().forEach(model -> add(model.field("name"), names));
            var name = provider.field("name").text("");
            providers.put(name, names);
            models.addAll(names);
            names.forEach(model -> models.add(name + "/" + model));
        }
        spec.field("gateway").field("keys").items().forEach(key -> add(key.field("name"), keys));
        for (var route : spec.field("gateway").field("routes").items()) {
            oneOrMany(route.field("match").field("model")).forEach(model -> add(model, models));
        }
        var complexity = spec.field("gateway").field("complexity");
        if (complexity.present()) {
            models.add(complexity.field("model").text(ComplexityReader.MODEL));
        }
    }

    static void check(Cursor spec, Problems problems) {
        var rules = new RouteRules(spec, problems);
        for (var key : spec.field("gateway").field("keys").items()) {
            key.field("allow").items().forEach(at -> rules.known(at, "model", rules.models));
        }
        for (var route : spec.field("gateway").field("routes").items()) {
            oneOrMany(route.field("match").field("key")).forEach(at -> rules.known(at, "key", rules.keys));
            route.field("backends").items().forEach(rules::backend);
        }
    }

    private void backend(Cursor at) {
        var endpoint = at.field("endpoint");
        var provider = at.field("provider");
        if (at.node() instanceof Node.Mapping && endpoint.present() == provider.present()) {
            problems.add(
                    at,
                    "found %s; expected either endpoint, or provider and model"
                            .formatted(endpoint.present() ? "endpoint and provider" : "neither endpoint nor provider"));
        }
        known(endpoint, "endpoint", endpoints);
        known(provider, "provider", providers.keySet());
        var offered = providers.get(provider.text(""));
        if (offered != null) {
            known(at.field("model"), "model of provider " + provider.text(""), offered);
        }
        for (var name : TIMEOUTS) {
            var timeout = at.field("timeout").field(name);
            var text = timeout.text();
            if (text != null && PATTERN.matcher(text).matches() && Durations.parse(text) == null) {
                problems.add(
                        timeout,
                        "found %s; expected at most %s (a year)"
                                .formatted(Found.quoted(text), Durations.render(Durations.LONGEST)));
            }
        }
    }

    /** What looks like a duration and is none is too long; the schema has told of the others. */
    private static final java.util.regex.Pattern PATTERN = java.util.regex.Pattern.compile("[0-9].{0,160}[smh]");

    private void known(Cursor at, String what, Collection<String> names) {
        var name = at.text();
        if (name != null && !name.isEmpty() && !names.contains(name)) {
            var near = Suggestions.didYouMean(name, names);
            problems.add(
                    at,
                    "there is no %s %s%s"
                            .formatted(
                                    what,
                                    Found.quoted(name),
                                    near.isEmpty() && !names.isEmpty() && names.size() <= 8
                                            ? "; expected one of " + String.join(", ", names)
                                            : near));
        }
    }

    private static List<Cursor> oneOrMany(Cursor at) {
        return at.text() == null ? at.items() : List.of(at);
    }

    private static void add(Cursor at, Collection<String> names) {
        var name = at.text();
        if (name != null) {
            names.add(name);
        }
    }
}
