package mlxstack.spec;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a schema cannot say. Every rule walks the tree as it is, and passes over what the schema has refused. */
final class SemanticRules {

    private SemanticRules() {}

    static void check(Cursor root, Problems problems) {
        var spec = root.field("spec");
        NameRules.check(spec, problems);
        EngineRules.check(spec, problems);
        ValueRules.check(spec, problems);
        PortRules.check(spec, problems);
        GatewayRules.check(spec, problems);
        DependencyRules.check(spec, problems);
        var names = GatewayNames.of(spec);
        RouteRules.check(spec, names, problems);
        ProviderRules.check(spec, problems);
        BudgetRules.check(spec, problems);
        ComplexityRules.check(spec, names, problems);
    }

    /** Endpoints and processes in file order. */
    static List<Cursor> workloads(Cursor spec) {
        var all = new ArrayList<>(spec.field("endpoints").items());
        all.addAll(spec.field("processes").items());
        return all;
    }

    static boolean hasGateway(Cursor spec) {
        return !"none".equals(spec.field("gateway").field("engine").text());
    }

    /** What stands at a name first; the second time is a mistake. */
    static final class Once {
        private final Map<Object, Cursor> first = new LinkedHashMap<>();

        /** The earlier place; null if this is the first. */
        @Nullable
        Cursor earlier(Object key, Cursor at) {
            return first.putIfAbsent(key, at);
        }
    }
}
