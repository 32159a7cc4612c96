package mlxstack.route;

import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import mlxstack.route.Backend.Availability;
import mlxstack.spec.ClientKey;
import mlxstack.spec.Complexity;
import mlxstack.spec.EnvValue;
import mlxstack.spec.Provider;
import mlxstack.spec.Route;
import mlxstack.spec.Timeouts;
import mlxstack.wire.Operation;
import org.jspecify.annotations.Nullable;

/** Short ways to write tables and requests. */
final class Tables {

    static final Route.Match ANYTHING = new Route.Match(List.of(), List.of(), List.of(), Map.of(), Map.of());

    private Tables() {}

    static Backend endpoint(String name, String... more) {
        return endpoint(name, Availability.READY, more);
    }

    static Backend endpoint(String name, Availability availability, String... more) {
        return backend(name, null, availability, Duration.ofSeconds(60), null, Price.FREE, more);
    }

    static Backend endpoint(String name, int contextWindow, String... more) {
        return backend(name, null, Availability.READY, Duration.ofSeconds(60), contextWindow, Price.FREE, more);
    }

    /** @param usd of a million tokens, read or written */
    static Backend remote(String provider, String model, int usd) {
        var price = new Price(usd * 1_000_000_000L, usd * 1_000_000_000L, 0, 0);
        return backend(
                provider + "/" + model, Provider.Type.OPENAI, Availability.READY, Duration.ZERO, null, price, model);
    }

    static Backend backend(
            String id,
            Provider.@Nullable Type api,
            Availability availability,
            Duration maxWait,
            @Nullable Integer contextWindow,
            Price price,
            String... more) {
        var names = new java.util.ArrayList<String>();
        names.add(id);
        names.addAll(Arrays.asList(more));
        return new Backend(
                id,
                names,
                URI.create("http://127.0.0.1:1"),
                null,
                api,
                null,
                EnumSet.allOf(Operation.class),
                availability,
                7,
                0,
                0,
                maxWait,
                contextWindow,
                price);
    }

    static Table table(List<Backend> backends, Route... routes) {
        return table(backends, List.of(), null, routes);
    }

    static Table table(List<Backend> backends, List<ClientKey> keys, @Nullable Complexity complexity, Route... routes) {
        return Table.of("", "127.0.0.1", 4000, backends, List.of(routes), keys, complexity);
    }

    /** @param to endpoints' names; {@code provider/model} is one of a provider */
    static Route route(String name, Route.Match match, String... to) {
        return new Route(name, match, Arrays.stream(to).map(Tables::target).toList());
    }

    static Route.Target target(String to) {
        int slash = to.indexOf('/');
        return slash < 0
                ? new Route.Target(to, null, null, Timeouts.DEFAULT, false)
                : new Route.Target(null, to.substring(0, slash), to.substring(slash + 1), Timeouts.DEFAULT, false);
    }

    static Route.Match model(String... any) {
        return new Route.Match(List.of(any), List.of(), List.of(), Map.of(), Map.of());
    }

    static Route.Match context(String... pairs) {
        return new Route.Match(List.of(), List.of(), List.of(), Map.of(), lists(pairs));
    }

    static Route.Match with(Route.Match match, List<String> models, List<String> classes, List<String> keys) {
        return new Route.Match(models, classes, keys, match.headers(), match.context());
    }

    static Map<String, List<String>> lists(String... pairs) {
        var map = new java.util.LinkedHashMap<String, List<String>>();
        map(pairs).forEach((name, value) -> map.put(name, List.of(value.split("\\|"))));
        return map;
    }

    static Map<String, String> map(String... pairs) {
        var map = new java.util.LinkedHashMap<String, String>();
        for (String pair : pairs) {
            map.put(pair.substring(0, pair.indexOf('=')), pair.substring(pair.indexOf('=') + 1));
        }
        return map;
    }

    static ClientKey key(String name, String... allow) {
        return new ClientKey(name, new EnvValue.FromEnv("X"), List.of(allow), 0, 0, List.of(), null, Map.of());
    }

    static ClientKey known(ClientKey key, @Nullable String floor, String... context) {
        return new ClientKey(key.name(), key.secret(), key.allow(), 0, 0, List.of(), floor, map(context));
    }

    static Ask ask(String model, String... context) {
        return ask(model, null, null, Map.of(), context);
    }

    static Ask keyed(String key, String model, String... context) {
        return ask(model, null, key, Map.of(), context);
    }

    static Ask ask(
            String model,
            @Nullable String modelClass,
            @Nullable String key,
            Map<String, String> headers,
            String... context) {
        return new Ask(Operation.CHAT_COMPLETIONS, model, modelClass, key, headers, map(context), null);
    }

    static List<String> ids(Decision decision) {
        return decision instanceof Decision.To(var hops, var _, var _, var _, var _)
                ? hops.stream().map(hop -> hop.backend().id()).toList()
                : List.of();
    }

    static int status(Decision decision) {
        return decision instanceof Decision.Refused(var error, var _, var _) ? error.status() : 200;
    }
}
