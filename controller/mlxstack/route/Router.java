package mlxstack.route;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import mlxstack.spec.ClientKey;
import mlxstack.spec.Complexity;
import mlxstack.spec.Route;
import mlxstack.spec.Suggestions;
import mlxstack.wire.ApiError;
import org.jspecify.annotations.Nullable;

/**
 * Decides where a request goes: the first rule that matches, else its model's name; within what its key allows; as far
 * as the reconciler says that somebody serves. Stateless.
 */
public final class Router {

    /** A backend that a rule names may not have its port yet. */
    private static final int SOON = 2;

    private Router() {}

    public static Decision decide(Table table, Ask ask) {
        return decide(table, ask, Standing.NONE);
    }

    public static Decision decide(Table table, Ask ask, Standing standing) {
        ClientKey key = null;
        if (!table.keys().isEmpty()) {
            key = key(table, ask.key());
            if (key == null) {
                return new Decision.Refused(noKey(ask.key()), List.of("no_key"), Decision.Basis.NONE);
            }
        }
        var grant = Grant.of(table, key, asked(ask));
        var route = matching(table.routes(), ask);
        var trail = new Trail();
        if (route != null) {
            trail.add("route:" + route.name());
            if (!route.backends().isEmpty()) {
                var hops = Targets.hops(table, route, asked(ask));
                return hops.isEmpty()
                        ? trail.refused(leadsNowhere(route))
                        : within(table, ask, key, grant, hops, route.name(), trail);
            }
        }
        String rule = route == null ? null : route.name();
        var complexity = table.complexity();
        if (complexity != null
                && complexity.mode() != Complexity.Mode.OFF
                && complexity.model().equals(ask.model())) {
            return new Selection(table, complexity, ask, key, grant, standing, trail).decide(rule);
        }
        return byName(table, ask, key, grant, rule, trail);
    }

    static Decision byName(
            Table table, Ask ask, @Nullable ClientKey key, Grant grant, @Nullable String route, Trail trail) {
        String modelClass = ask.modelClass();
        boolean classed = ask.model().isEmpty() && modelClass != null;
        var known = classed ? Targets.ofClass(table, asked(ask)) : Targets.named(table, ask.model());
        if (known.isEmpty()) {
            return new Decision.Refused(unknown(table, key, asked(ask)), List.of(), Decision.Basis.NONE);
        }
        trail.add((classed ? "class:" : "name:") + asked(ask));
        var hops = new ArrayList<Hop>(known.size());
        known.forEach(backend -> hops.add(Targets.plain(backend)));
        return within(table, ask, key, grant, hops, route, trail);
    }

    /** @param hops at least one */
    private static Decision within(
            Table table,
            Ask ask,
            @Nullable ClientKey key,
            Grant grant,
            List<Hop> hops,
            @Nullable String route,
            Trail trail) {
        var allowed = new ArrayList<Hop>(hops.size());
        for (Hop hop : hops) {
            if (grant.allows(hop.backend())) {
                allowed.add(hop);
            } else {
                trail.reject("not_allowed", hop.backend());
            }
        }
        return allowed.isEmpty()
                ? trail.refused(notAllowed(table, key, asked(ask)))
                : Readiness.settle(allowed, route, null, trail);
    }

    /** Null: none, and the model's name says where to. */
    static @Nullable Route matching(List<Route> routes, Ask ask) {
        for (Route route : routes) {
            if (Mismatch.none(route.match(), ask)) {
                return route;
            }
        }
        return null;
    }

    static String asked(Ask ask) {
        String modelClass = ask.modelClass();
        return ask.model().isEmpty() && modelClass != null ? modelClass : ask.model();
    }

    static @Nullable ClientKey key(Table table, @Nullable String name) {
        for (ClientKey key : table.keys()) {
            if (key.name().equals(name)) {
                return key;
            }
        }
        return null;
    }

    /** What a client may ask for, for lists and messages; in the table's order. */
    public static Set<String> names(Table table, @Nullable String key) {
        var known = key(table, key);
        return known == null && !table.keys().isEmpty() ? Set.of() : Grant.names(table, known);
    }

    /** All that there is to ask for, with one key or another. */
    public static Set<String> names(Table table) {
        return Grant.names(table, null);
    }

    /**
     * There is no such model, and these are those that there are for this key.
     *
     * @param key its name; null without one
     */
    public static ApiError unknown(Table table, @Nullable String key, String model) {
        return unknown(table, key(table, key), model);
    }

    private static ApiError unknown(Table table, @Nullable ClientKey key, String model) {
        var names = Grant.names(table, key);
        var complexity = table.complexity();
        String hint = Suggestions.didYouMean(model, names);
        if (names.contains(model)) {
            hint = "; only routes know it, and none matches this request: mlxstackctl explain route says why";
        } else if (complexity != null && complexity.model().equals(model)) {
            hint = "; spec.gateway.complexity.mode is off";
        }
        return ApiError.unknownModel(model, List.copyOf(names), hint);
    }

    static ApiError notAllowed(Table table, @Nullable ClientKey key, String model) {
        var names = Grant.names(table, key);
        return ApiError.invalid(
                403,
                "model_not_found",
                "model",
                "key \"%s\" does not have access to model \"%s\"; it may use: %s"
                        .formatted(
                                key == null ? "" : key.name(),
                                model.length() <= 200 ? model : model.substring(0, 200) + "…",
                                names.isEmpty() ? "nothing that is there" : String.join(", ", names)));
    }

    private static ApiError noKey(@Nullable String name) {
        return ApiError.invalid(
                401,
                "invalid_api_key",
                null,
                name == null
                        ? "found no API key; expected one of those in spec.gateway.keys, as Authorization: Bearer or x-api-key"
                        : "there is no key \"%s\" any more".formatted(name));
    }

    private static ApiError leadsNowhere(Route route) {
        return new ApiError(
                503,
                "unavailable_error",
                "route_empty",
                "model",
                "none of the backends of route %s is there yet".formatted(route.name()),
                SOON);
    }
}
