package mlxstack.spec;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/** Writes a stack as a stack file (in the JSON that YAML includes). */
final class Rendered {

    private static final JsonMapper JSON = JsonMapper.shared();

    private Rendered() {}

    static String file(Stack stack) {
        var spec = new LinkedHashMap<String, Object>();
        var memory = stack.memory();
        if (memory != null) {
            spec.put(
                    "memory",
                    Map.of(
                            "budget",
                            Quantities.render(memory.budget()),
                            "reserve",
                            Quantities.render(memory.reserve())));
        }
        stack.workloads().stream()
                .filter(workload -> workload.kind() == Workload.Kind.GATEWAY)
                .forEach(workload -> spec.put("defaults", limits(workload)));
        spec.put("endpoints", views(stack, Workload.Kind.ENDPOINT));
        spec.put("processes", views(stack, Workload.Kind.PROCESS));
        spec.put("providers", stack.providers().stream().map(GatewayView::of).toList());
        spec.put("gateway", GatewayView.of(stack.gateway()));
        return JSON.writeValueAsString(Map.of(
                "apiVersion",
                "mlxstack.dev/v1",
                "kind",
                "Stack",
                "metadata",
                Map.of("name", stack.name(), "labels", stack.labels(), "annotations", stack.annotations()),
                "spec",
                spec));
    }

    /** What the gateway, or the LiteLLM behind it, took from the defaults. */
    private static Map<String, Object> limits(Workload gateway) {
        var view = WorkloadView.of(gateway);
        view.keySet().retainAll(List.of("restart", "flapping", "logs", "terminationGracePeriod", "env"));
        return view;
    }

    private static List<Map<String, Object>> views(Stack stack, Workload.Kind kind) {
        return stack.workloads().stream()
                .filter(workload -> workload.kind() == kind)
                .map(WorkloadView::of)
                .toList();
    }
}
