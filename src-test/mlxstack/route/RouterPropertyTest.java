package mlxstack.route;

import static mlxstack.route.Tables.endpoint;
import static mlxstack.route.Tables.key;
import static mlxstack.route.Tables.known;
import static mlxstack.route.Tables.remote;
import static mlxstack.route.Tables.route;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import mlxstack.route.Backend.Availability;
import mlxstack.spec.ClientKey;
import mlxstack.spec.Route;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What holds of any table and any request. The seed is in the test's name. */
class RouterPropertyTest {

    private static final List<String> NAMES = List.of("a", "b", "c", "main", "smart", "premium");
    private static final List<String> PLACES = List.of("a", "b", "c", "main", "cloud/premium");
    private static final List<Availability> STATES = List.of(Availability.values());
    private static final List<String> KEYS = List.of("k1", "k2", "k3");

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void aRuleAddedAtTheEndChangesNothingThatMatchedBefore(long seed) {
        var random = new Random(seed);
        for (int i = 0; i < 400; i++) {
            var rules = rules(random, List.of());
            var before = Tables.table(backends(random), rules.toArray(Route[]::new));
            rules.add(rule(random, "last", List.of()));
            var after = Tables.table(before.backends(), rules.toArray(Route[]::new));
            var ask = ask(random, null);
            if (Router.matching(before.routes(), ask) != null) {
                var was = Router.decide(before, ask);
                var is = Router.decide(after, ask);
                assertThat(Tables.ids(is)).isEqualTo(Tables.ids(was));
                assertThat(Tables.status(is)).isEqualTo(Tables.status(was));
                assertThat(is.reasons()).isEqualTo(was.reasons());
            }
        }
    }

    /** Whatever a client claims in headers, metadata or the model's name, it gets no further than its key does. */
    @ParameterizedTest
    @ValueSource(longs = {11, 12, 13, 14, 15})
    void noClaimWidensAKey(long seed) {
        var random = new Random(seed);
        for (int i = 0; i < 400; i++) {
            var keys = new ArrayList<ClientKey>();
            for (String name : KEYS) {
                var allowed = some(random, NAMES, 2);
                keys.add(known(key(name, allowed.toArray(String[]::new)), null, "source_kind=" + kind(random)));
            }
            var backends = backends(random);
            var table = Tables.table(backends, keys, null, rules(random, KEYS).toArray(Route[]::new));
            var key = keys.get(random.nextInt(keys.size()));
            for (int j = 0; j < 10; j++) {
                var ask = ask(random, key);
                var decision = Router.decide(table, ask);
                assertThat(byHand(table, key, ask.model()))
                        .as("of %s, by %s", key, decision)
                        .containsAll(Tables.ids(decision));
            }
        }
    }

    /** What the words of {@link Grant} say, written anew and without the code of it. */
    private static Set<String> byHand(Table table, ClientKey key, String asked) {
        var ids = new HashSet<String>();
        for (Backend backend : table.backends()) {
            boolean named = key.allow().isEmpty() || backend.names().stream().anyMatch(key.allow()::contains);
            boolean routed = table.routes().stream()
                    .filter(r -> r.match().key().isEmpty() || r.match().key().contains(key.name()))
                    .filter(r -> r.match().model().stream()
                            .anyMatch(m -> m.equals(asked)
                                    && key.allow().contains(m)
                                    && table.backends().stream()
                                            .noneMatch(b -> b.names().contains(m))))
                    .flatMap(r -> r.backends().stream())
                    .anyMatch(t -> (t.endpoint() != null && backend.names().contains(t.endpoint()))
                            || backend.id().equals(t.provider() + "/" + t.model()));
            if (named || routed) {
                ids.add(backend.id());
            }
        }
        return ids;
    }

    private static List<Backend> backends(Random random) {
        return List.of(
                endpoint("a", availability(random), "main"),
                endpoint("b", availability(random), "main"),
                endpoint("c", availability(random)),
                remote("cloud", "premium", 3));
    }

    private static Availability availability(Random random) {
        return STATES.get(random.nextInt(STATES.size()));
    }

    private static List<Route> rules(Random random, List<String> keys) {
        var rules = new ArrayList<Route>();
        for (int i = random.nextInt(5); i >= 0; i--) {
            rules.add(rule(random, "r" + i, keys));
        }
        return rules;
    }

    private static Route rule(Random random, String name, List<String> keys) {
        var match = new Route.Match(
                some(random, NAMES, 2),
                List.of(),
                some(random, keys, 1),
                random.nextBoolean() ? Map.of() : Map.of("x-team", List.of(kind(random))),
                random.nextBoolean() ? Map.of() : Map.of("source_kind", List.of(kind(random))));
        return route(name, match, some(random, PLACES, 2).toArray(String[]::new));
    }

    private static Ask ask(Random random, @Nullable ClientKey key) {
        var claims = random.nextBoolean() ? Map.<String, String>of() : Map.of("source_kind", kind(random));
        var context = Context.merge(claims, Map.of(), key == null ? Map.of() : key.context());
        var pairs = context.entrySet().stream().map(e -> e.getKey() + "=" + e.getValue());
        return Tables.ask(
                NAMES.get(random.nextInt(NAMES.size())),
                null,
                key == null ? null : key.name(),
                random.nextBoolean() ? Map.of() : Map.of("x-team", kind(random)),
                pairs.toArray(String[]::new));
    }

    private static String kind(Random random) {
        return List.of("owner", "stranger", "cron").get(random.nextInt(3));
    }

    private static List<String> some(Random random, List<String> of, int most) {
        var some = new ArrayList<String>();
        for (int i = random.nextInt(most + 1); i > 0 && !of.isEmpty(); i--) {
            some.add(of.get(random.nextInt(of.size())));
        }
        return some.stream().distinct().toList();
    }
}
