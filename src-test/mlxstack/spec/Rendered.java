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
        spec.put("providers", stack.providers().stream().map(Rendered::provider).toList());
        var gateway = stack.gateway();
        spec.put("gateway", gateway(gateway));
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

    /** What the gateway took from the defaults. */
    private static Map<String, Object> limits(Workload gateway) {
        var view = WorkloadView.of(gateway);
        view.keySet().retainAll(List.of("restart", "flapping", "logs", "terminationGracePeriod"));
        return view;
    }

    private static List<Map<String, Object>> views(Stack stack, Workload.Kind kind) {
        return stack.workloads().stream()
                .filter(workload -> workload.kind() == kind)
                .map(WorkloadView::of)
                .toList();
    }

    private static Map<String, Object> gateway(Gateway gateway) {
        var out = new LinkedHashMap<String, Object>();
        out.put("engine", gateway.engine().name().toLowerCase(java.util.Locale.ROOT));
        out.put("listen", Listen.render(gateway.host(), gateway.port()));
        out.put("keys", gateway.keys());
        out.put("routes", gateway.routes());
        if (!gateway.complexity().isEmpty()) {
            out.put("complexity", gateway.complexity());
        }
        return out;
    }

    private static Map<String, Object> provider(Provider provider) {
        var out = new LinkedHashMap<String, Object>();
        out.put("name", provider.name());
        out.put("type", provider.type().name().toLowerCase(java.util.Locale.ROOT));
        out.put("baseUrl", provider.baseUrl());
        switch (provider.apiKey()) {
            case EnvValue.FromEnv(String name) -> out.put("apiKey", Map.of("env", name));
            case EnvValue.FromFile(String path) -> out.put("apiKey", Map.of("file", path));
            case EnvValue.FromKeychain(String item) -> out.put("apiKey", Map.of("keychain", item));
            case EnvValue.Text text -> throw new AssertionError("a literal key was accepted");
            case null -> {}
        }
        out.put(
                "models",
                provider.models().stream()
                        .map(model -> Map.of("name", model.name(), "model", model.model(), "price", model.price()))
                        .toList());
        if (!provider.budget().isEmpty()) {
            out.put("budget", provider.budget());
        }
        return out;
    }
}
