package mlxstack.route;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import mlxstack.spec.Route;

/** From what a rule or a request names to the backends that are meant. Stateless. */
final class Targets {

    private Targets() {}

    /**
     * An endpoint by its name or a role, in the table's order; or a provider's model.
     *
     * @param asked the model of the request, for a target that names a provider alone, or nothing
     */
    static List<Backend> backends(Table table, Route.Target target, String asked) {
        String provider = target.provider();
        String endpoint = target.endpoint();
        if (provider != null && !provider.isEmpty()) {
            String model = target.model();
            String id = provider + "/" + (model == null || model.isEmpty() ? asked : model);
            return table.backends().stream()
                    .filter(backend -> !backend.isLocal() && backend.id().equals(id))
                    .toList();
        }
        if (endpoint == null || endpoint.isEmpty()) {
            return named(table, asked);
        }
        return named(table, endpoint).stream().filter(Backend::isLocal).toList();
    }

    static List<Hop> hops(Table table, Route route, String asked) {
        var hops = new ArrayList<Hop>();
        var seen = new HashSet<String>();
        for (Route.Target target : route.backends()) {
            for (Backend backend : backends(table, target, asked)) {
                if (seen.add(backend.id())) {
                    hops.add(new Hop(backend, target.timeouts(), target.spillQueueFull(), null));
                }
            }
        }
        return hops;
    }

    /** What is called so: the backend whose own name it is first. */
    static List<Backend> named(Table table, String name) {
        return table.byName().getOrDefault(name, List.of());
    }

    /** Of a class, as MLX Router's agents ask for one; where no backend has it, a role or name will do. */
    static List<Backend> ofClass(Table table, String modelClass) {
        var known = table.backends().stream()
                .filter(backend -> modelClass.equals(backend.modelClass()))
                .toList();
        return known.isEmpty() ? named(table, modelClass) : known;
    }

    static Hop plain(Backend backend) {
        return new Hop(backend, backend.timeouts(), false, null);
    }
}
