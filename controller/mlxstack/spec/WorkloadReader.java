package mlxstack.spec;

import java.util.List;
import java.util.Map;
import java.util.Set;
import mlxstack.spec.Policy.KillMode;
import org.jspecify.annotations.Nullable;

/**
 * Makes workloads of endpoints and processes whose fields the schema has passed. Confined to one parse.
 *
 * @param budgeted whether {@code spec.memory} is set, so that every endpoint's need must be known
 */
record WorkloadReader(Values values, Env env, boolean budgeted) {

    Workload endpoint(Cursor at) {
        var template = new TemplateReader(values, env.digest()).endpoint(at);
        var probes = new ProbeReader(values, Workload.Kind.ENDPOINT, template).read(at.field("probes"));
        var policy = new PolicyReader(values).read(at, probes, KillMode.ALL, need(at, template));
        var queue = at.field("queue");
        return workload(
                at,
                Workload.Kind.ENDPOINT,
                template,
                policy,
                new Workload.Queue(
                        queue.field("maxWaiting").integer(Defaults.QUEUE.maxWaiting()),
                        values.duration(queue.field("maxWait"), Defaults.QUEUE.maxWait())));
    }

    Workload process(Cursor at) {
        var template = new TemplateReader(values, env.digest()).process(at);
        var probes = new ProbeReader(values, Workload.Kind.PROCESS, template).read(at.field("probes"));
        var policy = new PolicyReader(values).read(at, probes, KillMode.SESSION, values.bytes(at.field("memory")));
        return workload(at, Workload.Kind.PROCESS, template, policy, null);
    }

    /** @param defaults {@code spec.defaults}; the gateway takes over what limits it, not what it is */
    static Workload gateway(Gateway gateway, Cursor defaults, Values values) {
        var host = gateway.host();
        var template = new Template(
                EngineKind.GATEWAY,
                null,
                List.of(),
                // The address belongs to what a restart is needed for; the port is a field of its own.
                host.equals("127.0.0.1") ? List.of() : List.of("--host", host),
                Map.of(),
                List.of(),
                null,
                gateway.port(),
                List.of(),
                null,
                null,
                Map.of());
        var limits = new PolicyReader(values).read(defaults, Defaults.gatewayProbes(), KillMode.SESSION, null);
        var policy = new Policy(
                new RestartPolicy(RestartPolicy.When.ALWAYS, limits.restart().backoff(), Defaults.PERMANENT_EXIT_CODES),
                limits.flapping(),
                limits.logs(),
                Defaults.ROLLOUT,
                limits.probes(),
                limits.terminationGracePeriod(),
                Defaults.STOP_SIGNAL,
                null,
                KillMode.SESSION,
                null);
        return new Workload(
                Workload.GATEWAY,
                Workload.Kind.GATEWAY,
                "the one address of all models",
                Map.of(),
                List.of(),
                1,
                0,
                List.of(),
                template,
                TemplateHash.of(template),
                policy,
                null,
                null,
                null);
    }

    private Workload workload(
            Cursor at, Workload.Kind kind, Template template, Policy policy, Workload.@Nullable Queue queue) {
        return new Workload(
                at.field("name").text(""),
                kind,
                at.field("description").text(),
                values.textMap(at.field("labels")),
                at.field("roles").texts(),
                at.field("replicas").integer(1),
                at.field("priority").integer(0),
                at.field("dependsOn").items().stream()
                        .map(WorkloadReader::dependency)
                        .toList(),
                template,
                TemplateHash.of(template),
                policy,
                reload(at.field("reload")),
                queue,
                kind == Workload.Kind.ENDPOINT ? serving(at) : null);
    }

    private static Workload.@Nullable Serving serving(Cursor at) {
        var speaks = at.field("speaks");
        var modelClass = at.field("modelClass").text();
        return speaks.present() || modelClass != null
                ? new Workload.Serving(ModelApi.all(speaks.texts()), modelClass)
                : null;
    }

    private static Dependency dependency(Cursor at) {
        var condition = switch (at.field("condition").text("")) {
            case "Started" -> Dependency.Condition.STARTED;
            case "Completed" -> Dependency.Condition.COMPLETED;
            case "Succeeded" -> Dependency.Condition.SUCCEEDED;
            default -> Dependency.Condition.READY;
        };
        return new Dependency(at.field("name").text(""), condition);
    }

    private @Nullable Reload reload(Cursor at) {
        var signal = at.field("signal").text();
        if (signal != null) {
            return new Reload.BySignal(signal);
        }
        var exec = at.field("exec");
        return exec.present() ? new Reload.ByExec(values.command(exec.field("command"))) : null;
    }

    private @Nullable Long need(Cursor at, Template template) {
        var declared = values.bytes(at.field("memory"));
        if (declared != null) {
            return declared;
        }
        if (template.engine() == EngineKind.SIMULATOR) {
            return Defaults.SIMULATOR_MEMORY;
        }
        if (!values.sound(at) || (INCOMPLETE.contains(template.engine()) && template.model() == null)) {
            return null;
        }
        var estimate = env.memory().bytes(template);
        if (estimate.isPresent()) {
            return estimate.getAsLong();
        }
        if (budgeted && !at.field("memory").present()) {
            values.complain(
                    at.field("memory"),
                    "the memory need of %s is not known, and spec.memory limits what may run; write what it needs, such as memory: 6Gi"
                            .formatted(Found.quoted(at.field("name").text(""))));
        }
        return null;
    }

    /** Without a model these are refused for that alone. */
    private static final Set<EngineKind> INCOMPLETE =
            Set.of(EngineKind.VLLM_MLX, EngineKind.MLX_LM, EngineKind.LLAMA_SERVER, EngineKind.OLLAMA);
}
