package mlxstack.spec;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One thing to keep running, defaults merged in: an endpoint, a helper process or the gateway.
 *
 * @param replicas 0 (declared stopped) or 1
 * @param priority higher is admitted first
 * @param templateHash versioned digest of {@code template}, secrets by reference
 * @param queue null unless an endpoint
 * @param serving null unless an endpoint that says something of it
 */
public record Workload(
        String name,
        Kind kind,
        @Nullable String description,
        Map<String, String> labels,
        List<String> roles,
        int replicas,
        int priority,
        List<Dependency> dependsOn,
        Template template,
        String templateHash,
        Policy policy,
        @Nullable Reload reload,
        @Nullable Queue queue,
        @Nullable Serving serving) {

    /** The reserved name of the gateway's own workload. */
    public static final String GATEWAY = "gateway";

    /** The reserved name of a LiteLLM behind the gateway; what runs are the two of {@link #LITELLM_TURNS}. */
    public static final String LITELLM = "gateway-litellm";

    /** A changed LiteLLM is started under the other of these before the one that serves ends. */
    public static final List<String> LITELLM_TURNS = List.of(LITELLM + "-a", LITELLM + "-b");

    public Workload {
        labels = Map.copyOf(labels);
        roles = List.copyOf(roles);
        dependsOn = List.copyOf(dependsOn);
    }

    /** One that says nothing of how it serves. */
    public Workload(
            String name,
            Kind kind,
            @Nullable String description,
            Map<String, String> labels,
            List<String> roles,
            int replicas,
            int priority,
            List<Dependency> dependsOn,
            Template template,
            String templateHash,
            Policy policy,
            @Nullable Reload reload,
            @Nullable Queue queue) {
        this(
                name,
                kind,
                description,
                labels,
                roles,
                replicas,
                priority,
                dependsOn,
                template,
                templateHash,
                policy,
                reload,
                queue,
                null);
    }

    public enum Kind {
        ENDPOINT,
        PROCESS,
        GATEWAY
    }

    public record Queue(int maxWaiting, java.time.Duration maxWait) {}

    /**
     * What the gateway may use an endpoint for.
     *
     * @param speaks empty: what its engine does
     * @param modelClass as MLX Router's agents name one; null: none
     */
    public record Serving(List<ModelApi> speaks, @Nullable String modelClass) {
        public Serving {
            speaks = List.copyOf(speaks);
        }
    }

    public Workload withName(String name) {
        return new Workload(
                name,
                kind,
                description,
                labels,
                roles,
                replicas,
                priority,
                dependsOn,
                template,
                templateHash,
                policy,
                reload,
                queue,
                serving);
    }

    public Workload withTemplate(Template template) {
        return new Workload(
                name,
                kind,
                description,
                labels,
                roles,
                replicas,
                priority,
                dependsOn,
                template,
                TemplateHash.of(template),
                policy,
                reload,
                queue,
                serving);
    }

    public Workload withPolicy(Policy policy) {
        return new Workload(
                name,
                kind,
                description,
                labels,
                roles,
                replicas,
                priority,
                dependsOn,
                template,
                templateHash,
                policy,
                reload,
                queue,
                serving);
    }
}
