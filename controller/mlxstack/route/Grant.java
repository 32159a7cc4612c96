package mlxstack.route;

import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Set;
import mlxstack.spec.ClientKey;
import mlxstack.spec.Complexity;
import mlxstack.spec.Route;
import org.jspecify.annotations.Nullable;

/**
 * What a key may use. It follows from the table and the key alone: nothing that a client claims about itself is looked
 * at, so that no claim can widen it. Immutable.
 *
 * <p>An allowed name of a backend (its own, its model's, a role) is that backend, whatever is asked for. An allowed name
 * that only routes know opens, to a request for this name, whatever those routes lead to that this key can meet; the name
 * that asks for complexity opens the models of all levels.
 */
final class Grant {

    private static final Grant EVERYTHING = new Grant(null);

    /** Ids of backends; null: all. */
    private final @Nullable Set<String> backends;

    private Grant(@Nullable Set<String> backends) {
        this.backends = backends;
    }

    /**
     * @param key null: whoever reaches the gateway may use everything
     * @param asked the model or class of the request
     */
    static Grant of(Table table, @Nullable ClientKey key, String asked) {
        if (key == null || key.allow().isEmpty()) {
            return EVERYTHING;
        }
        var ids = new HashSet<String>();
        for (Backend backend : table.backends()) {
            if (backend.names().stream().anyMatch(key.allow()::contains)) {
                ids.add(backend.id());
            }
        }
        if (key.allow().contains(asked) && Targets.named(table, asked).isEmpty()) {
            ofRoutes(table, key, asked, ids);
            ofLevels(table, asked, ids);
        }
        return new Grant(ids);
    }

    private static void ofRoutes(Table table, ClientKey key, String name, Set<String> ids) {
        for (Route route : table.routes()) {
            if (route.match().model().contains(name) && canMeet(route.match(), key)) {
                for (Route.Target target : route.backends()) {
                    add(Targets.backends(table, target, name), ids);
                }
            }
        }
    }

    private static void ofLevels(Table table, String name, Set<String> ids) {
        Complexity complexity = table.complexity();
        if (complexity != null && complexity.model().equals(name)) {
            for (String model : Levels.ladder(complexity)) {
                add(Targets.named(table, model), ids);
            }
        }
    }

    private static void add(Collection<Backend> backends, Set<String> ids) {
        backends.forEach(backend -> ids.add(backend.id()));
    }

    /** Whether a request of this key could match at all: what the key's record says of its holder is fixed. */
    static boolean canMeet(Route.Match match, ClientKey key) {
        return (Mismatch.noOpinion(match.key()) || match.key().contains(key.name()))
                && match.context().entrySet().stream().allMatch(one -> {
                    String fixed = key.context().get(one.getKey());
                    return fixed == null
                            || Mismatch.noOpinion(one.getValue())
                            || one.getValue().contains(fixed);
                });
    }

    boolean allows(Backend backend) {
        return backends == null || backends.contains(backend.id());
    }

    /** The names to ask for, in the table's order. */
    static Set<String> names(Table table, @Nullable ClientKey key) {
        var names = new LinkedHashSet<String>();
        table.byName().forEach((name, known) -> {
            if (known.stream().anyMatch(of(table, key, name)::allows)) {
                names.add(name);
            }
        });
        for (Route route : table.routes()) {
            if (key == null || canMeet(route.match(), key)) {
                for (String name : route.match().model()) {
                    var grant = of(table, key, name);
                    if (!name.isBlank()
                            && route.backends().stream()
                                    .flatMap(target -> Targets.backends(table, target, name).stream())
                                    .anyMatch(grant::allows)) {
                        names.add(name);
                    }
                }
            }
        }
        Complexity complexity = table.complexity();
        if (complexity != null && complexity.mode() != Complexity.Mode.OFF) {
            var grant = of(table, key, complexity.model());
            if (Levels.ladder(complexity).stream()
                    .flatMap(model -> Targets.named(table, model).stream())
                    .anyMatch(grant::allows)) {
                names.add(complexity.model());
            }
        }
        return names;
    }
}
