package mlxstack.spec;

import java.util.Set;
import mlxstack.spec.SemanticRules.Once;

/** One namespace for endpoints, processes and the gateway: names become file names. Others are unique in their list. */
final class NameRules {

    private static final Set<String> RESERVED = Set.of(
            Workload.GATEWAY, Workload.LITELLM, Workload.LITELLM_TURNS.getFirst(), Workload.LITELLM_TURNS.getLast());

    private NameRules() {}

    static void check(Cursor spec, Problems problems) {
        var names = new Once();
        for (var workload : SemanticRules.workloads(spec)) {
            var at = workload.field("name");
            if (RESERVED.contains(at.text(""))) {
                problems.add(
                        at,
                        "the name %s is reserved for the gateway's own process; choose another"
                                .formatted(Found.quoted(at.text(""))));
            } else {
                unique(at, names, problems, " (endpoints and processes share their names)");
            }
        }
        each(spec.field("providers"), problems);
        for (var provider : spec.field("providers").items()) {
            each(provider.field("models"), problems);
        }
        each(spec.field("gateway").field("keys"), problems);
        each(spec.field("gateway").field("routes"), problems);
    }

    private static void each(Cursor list, Problems problems) {
        var names = new Once();
        list.items().forEach(item -> unique(item.field("name"), names, problems, ""));
    }

    private static void unique(Cursor at, Once names, Problems problems, String why) {
        var name = at.text();
        var first = name == null ? null : names.earlier(name, at);
        if (first != null) {
            problems.add(
                    at,
                    "duplicate name %s; it is already given in line %d%s; choose another"
                            .formatted(Found.quoted(first.text("")), first.line(), why));
        }
    }
}
