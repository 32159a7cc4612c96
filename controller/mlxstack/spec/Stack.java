package mlxstack.spec;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One valid {@code stack.yaml}, normalised: defaults merged, paths absolute, quantities in bytes.
 *
 * @param workloads endpoints, processes and (unless {@code engine: none}) the gateway, in file order; names are unique
 * @param previews dotted paths of what the file uses and this version parses but does not act on yet
 */
public record Stack(
        String name,
        Map<String, String> labels,
        Map<String, String> annotations,
        @Nullable MemoryPolicy memory,
        List<Workload> workloads,
        List<Provider> providers,
        Gateway gateway,
        List<String> previews) {

    public Stack {
        labels = Map.copyOf(labels);
        annotations = Map.copyOf(annotations);
        workloads = List.copyOf(workloads);
        providers = List.copyOf(providers);
        previews = List.copyOf(previews);
    }

    /** Every name that something may run under. */
    public Set<String> names() {
        var names = new LinkedHashSet<String>();
        for (Workload workload : workloads) {
            if (workload.name().equals(Workload.LITELLM)) {
                names.addAll(Workload.LITELLM_TURNS);
            } else {
                names.add(workload.name());
            }
        }
        return names;
    }
}
