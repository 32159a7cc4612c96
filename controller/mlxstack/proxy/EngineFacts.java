package mlxstack.proxy;

import java.util.Set;
import java.util.function.Function;
import mlxstack.spec.ModelApi;
import mlxstack.spec.Workload;
import org.jspecify.annotations.Nullable;

/**
 * What a gateway has to know of the servers that are started for workloads. Any thread.
 *
 * @param upstreamModel what the server calls its model; null when it takes any name
 * @param speaks what it answers itself
 */
public record EngineFacts(
        Function<Workload, @Nullable String> upstreamModel, Function<Workload, Set<ModelApi>> speaks) {}
