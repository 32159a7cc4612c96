package mlxstack.spec;

import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;

/** Routes and keys name what exists, and each key is another one. */
final class RouteRules {

    private final Problems problems;
    private final GatewayNames names;

    private RouteRules(GatewayNames names, Problems problems) {
        this.names = names;
        this.problems = problems;
    }

    static void check(Cursor spec, GatewayNames names, Problems problems) {
        var rules = new RouteRules(names, problems);
        var gateway = spec.field("gateway");
        rules.keys(gateway.field("keys"));
        for (var route : gateway.field("routes").items()) {
            oneOrMany(route.field("match").field("key")).forEach(at -> rules.known(at, "key", names.keys()));
            route.field("backends").items().forEach(rules::backend);
        }
        gateway.field("platforms").fields().values().forEach(at -> rules.legacy(spec, at));
        gateway.field("by_source").fields().values().forEach(at -> rules.legacy(spec, at));
    }

    private void keys(Cursor keys) {
        var secrets = new SemanticRules.Once();
        for (var key : keys.items()) {
            key.field("allow").items().forEach(at -> known(at, "model", names.models()));
            var secret = key.field("secret");
            var first = secret.fields().isEmpty() ? null : secrets.earlier(Values.rawMap(secret), secret);
            if (first != null) {
                problems.add(
                        secret,
                        "found the secret of the key in line %d; expected another one: whoever sends it could be either"
                                .formatted(first.line()));
            }
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
        known(endpoint, "endpoint", names.endpoints());
        remote(provider, at.field("model"));
    }

    private void remote(Cursor provider, Cursor model) {
        known(provider, "provider", names.providers().keySet());
        var offered = names.providers().get(provider.text(""));
        if (offered != null) {
            known(model, "model of provider " + provider.text(""), offered);
        }
    }

    /** An entry of Hermes' maps: a model's name, or a mapping with one. */
    private void legacy(Cursor spec, Cursor at) {
        var model = HermesMaps.model(at);
        var provider = at.field("provider");
        if (model.text("").isEmpty()) {
            if (!provider.text("").isEmpty()) {
                problems.add(at, "found a provider alone; expected a model of it too");
            }
        } else if (HermesMaps.place(spec, at) == null) {
            if (!provider.text("").isEmpty()) {
                remote(provider, model);
                return;
            }
            var targets = new LinkedHashSet<>(names.endpoints());
            names.providers().values().forEach(targets::addAll);
            known(model, "endpoint, role or provider model", targets);
        }
    }

    private void known(Cursor at, String what, Collection<String> all) {
        GatewayNames.known(at, what, all, problems);
    }

    private static List<Cursor> oneOrMany(Cursor at) {
        return at.text() == null ? at.items() : List.of(at);
    }
}
