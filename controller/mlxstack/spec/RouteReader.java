package mlxstack.spec;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads {@code spec.gateway.routes}, and the maps of Hermes that were there before routes. Confined to one parse.
 *
 * @param spec whose endpoints and providers routes lead to
 */
record RouteReader(Values values, Cursor spec) {

    List<Route> routes() {
        var gateway = spec.field("gateway");
        var routes = new ArrayList<Route>();
        gateway.field("routes").items().forEach(at -> routes.add(route(at)));
        legacy(gateway.field("platforms"), "platform", "platform", routes);
        legacy(gateway.field("by_source"), "source", "source_kind", routes);
        return routes;
    }

    private Route route(Cursor at) {
        var match = at.field("match");
        return new Route(
                at.field("name").text(""),
                new Route.Match(
                        match.field("model").anyOf(),
                        match.field("modelClass").anyOf(),
                        match.field("key").anyOf(),
                        any(match.field("headers"), true),
                        any(match.field("context"), false)),
                at.field("backends").items().stream().map(this::target).toList());
    }

    private static Map<String, List<String>> any(Cursor at, boolean fold) {
        var map = new LinkedHashMap<String, List<String>>();
        at.fields().forEach((name, value) -> {
            var texts = value.anyOf();
            if (!texts.isEmpty()) {
                map.put(fold ? name.toLowerCase(Locale.ROOT) : name, texts);
            }
        });
        return map;
    }

    private Route.Target target(Cursor at) {
        var provider = at.field("provider").text();
        return new Route.Target(
                at.field("endpoint").text(),
                provider,
                at.field("model").text(),
                timeouts(at.field("timeout"), provider),
                at.field("spill").field("queueFull").flag(false));
    }

    /** @param provider whose own lie under it; null: none */
    private Timeouts timeouts(Cursor at, @Nullable String provider) {
        var base = spec.field("providers").items().stream()
                .filter(one ->
                        provider != null && provider.equals(one.field("name").text()))
                .findFirst()
                .map(one -> timeouts(values, one.field("timeout"), Timeouts.DEFAULT))
                .orElse(Timeouts.DEFAULT);
        return timeouts(values, at, base);
    }

    static Timeouts timeouts(Values values, Cursor at, Timeouts base) {
        return new Timeouts(
                values.duration(at.field("connect"), base.connect()),
                values.duration(at.field("firstToken"), base.firstToken()),
                values.duration(at.field("idle"), base.idle()),
                values.duration(at.field("total"), base.total()));
    }

    /** Each entry is a rule of its own, after those in the list; one that leads nowhere has no opinion, or is refused. */
    private void legacy(Cursor at, String prefix, String key, List<Route> routes) {
        at.fields().forEach((value, entry) -> {
            var place = HermesMaps.model(entry).text("").isEmpty() ? null : HermesMaps.place(spec, entry);
            if (place != null) {
                var match = new Route.Match(List.of(), List.of(), List.of(), Map.of(), Map.of(key, List.of(value)));
                var timeouts = timeouts(entry.field("timeout"), place.provider());
                var target = new Route.Target(place.endpoint(), place.provider(), place.model(), timeouts, false);
                routes.add(new Route(name(prefix, value, routes), match, List.of(target)));
            }
        });
    }

    private static String name(String prefix, String value, List<Route> routes) {
        var name = prefix + "-"
                + value.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-").replaceAll("^-|-$", "");
        boolean taken = routes.stream().anyMatch(route -> route.name().equals(name));
        return taken ? name + "-legacy" : name;
    }
}
