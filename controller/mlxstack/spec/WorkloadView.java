package mlxstack.spec;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A workload as the stack file would write it, every default filled in; secrets stay references. Reads back as the same
 * workload. Values are texts, numbers, booleans, lists and maps in file order. Confined to one call.
 */
final class WorkloadView {

    private final Map<String, Object> view = new LinkedHashMap<>();

    private WorkloadView() {}

    static Map<String, Object> of(Workload workload) {
        var all = new WorkloadView();
        all.identity(workload);
        all.template(workload.template(), workload.kind());
        all.policy(workload.policy());
        all.rest(workload);
        return all.view;
    }

    private void identity(Workload workload) {
        put("name", workload.name());
        put("description", workload.description());
        put("labels", new TreeMap<>(workload.labels()));
        put("roles", workload.roles());
        put("replicas", workload.replicas());
        put("priority", workload.priority());
    }

    private void template(Template template, Workload.Kind kind) {
        if (kind == Workload.Kind.ENDPOINT) {
            put("engine", template.engine().yamlName());
        }
        put("model", template.model());
        put("command", template.command());
        put("args", template.args());
        var env = new TreeMap<String, Object>();
        template.env().forEach((name, value) -> env.put(name, value(value)));
        put("env", env);
        put(
                "envFrom",
                template.envFrom().stream().map(file -> Map.of("file", file)).toList());
        put("workingDirectory", template.workingDirectory());
        put("port", template.port());
        put("ports", template.ports());
        put("contextWindow", template.contextWindow());
        put("concurrency", template.concurrency());
        put(
                "restartTriggers",
                new TreeMap<>(template.restartTriggers()).keySet().stream().toList());
    }

    static Object value(EnvValue value) {
        return switch (value) {
            case EnvValue.Text(String text) -> text;
            case EnvValue.FromEnv(String name) -> Map.of("env", name);
            case EnvValue.FromFile(String path) -> Map.of("file", path);
            case EnvValue.FromKeychain(String item) -> Map.of("keychain", item);
        };
    }

    private void policy(Policy policy) {
        var memory = policy.memory();
        put("memory", memory == null ? null : Quantities.render(memory));
        var restart = policy.restart();
        put(
                "restart",
                map(
                        "policy",
                        title(restart.when()),
                        "backoff",
                        backoff(restart.backoff()),
                        "permanentExitCodes",
                        restart.permanentExitCodes().stream().sorted().toList()));
        var flapping = policy.flapping();
        put(
                "flapping",
                map(
                        "restarts",
                        flapping.restarts(),
                        "window",
                        time(flapping.window()),
                        "hold",
                        map("initial", time(flapping.holdInitial()), "max", time(flapping.holdMax()))));
        put(
                "logs",
                map(
                        "maxSize",
                        Quantities.render(policy.logs().maxSize()),
                        "maxFiles",
                        policy.logs().maxFiles()));
        var rollout = policy.rollout();
        put(
                "rollout",
                map(
                        "strategy",
                        title(rollout.strategy()),
                        "progressDeadline",
                        time(rollout.progressDeadline()),
                        "autoRevert",
                        rollout.autoRevert()));
        var probes = new LinkedHashMap<String, Object>();
        for (var kind : Probe.Kind.values()) {
            var probe = policy.probes().of(kind);
            if (probe != null) {
                probes.put(kind.name().toLowerCase(Locale.ROOT), probe(probe));
            }
        }
        put("probes", probes);
        put("terminationGracePeriod", time(policy.terminationGracePeriod()));
        put("stopSignal", policy.stopSignal());
        var preStop = policy.preStop();
        if (preStop != null) {
            put("preStop", map("exec", map("command", preStop.command(), "timeout", time(preStop.timeout()))));
        }
        put("killMode", policy.killMode().name().toLowerCase(Locale.ROOT));
    }

    private static Map<String, Object> backoff(RestartPolicy.Backoff backoff) {
        return map(
                "initial",
                time(backoff.initial()),
                "factor",
                backoff.factor(),
                "max",
                time(backoff.max()),
                "jitter",
                backoff.jitter(),
                "resetAfter",
                time(backoff.resetAfter()));
    }

    /** The questions nobody can write are the defaults, so they are left out. */
    private static Map<String, Object> probe(Probe probe) {
        var out = switch (probe.handler()) {
            case Probe.Handler.Http http -> {
                var how = withPort(http.port());
                how.put("path", http.path());
                if (!http.headers().isEmpty()) {
                    how.put("headers", new TreeMap<>(http.headers()));
                }
                yield map("http", how);
            }
            case Probe.Handler.Tcp tcp -> map("tcp", withPort(tcp.port()));
            case Probe.Handler.Exec exec -> map("exec", map("command", exec.command()));
            case Probe.Handler.Log log -> map("log", map("pattern", log.pattern()));
            case Probe.Handler.Model _, Probe.Handler.Health _ -> new LinkedHashMap<String, Object>();
        };
        out.put("initialDelay", time(probe.initialDelay()));
        out.put("period", time(probe.period()));
        out.put("timeout", time(probe.timeout()));
        out.put("successThreshold", probe.successThreshold());
        out.put("failureThreshold", probe.failureThreshold());
        return out;
    }

    private static Map<String, Object> withPort(@Nullable Integer port) {
        return port == null ? new LinkedHashMap<>() : map("port", port);
    }

    private void rest(Workload workload) {
        var dependencies = new ArrayList<Map<String, Object>>();
        for (var dependency : workload.dependsOn()) {
            dependencies.add(map("name", dependency.name(), "condition", title(dependency.condition())));
        }
        put("dependsOn", dependencies);
        var reload = workload.reload();
        if (reload != null) {
            put(
                    "reload",
                    switch (reload) {
                        case Reload.BySignal(String signal) -> map("signal", signal);
                        case Reload.ByExec(List<String> command) -> map("exec", map("command", command));
                    });
        }
        var queue = workload.queue();
        if (queue != null) {
            put("queue", map("maxWaiting", queue.maxWaiting(), "maxWait", time(queue.maxWait())));
        }
        var serving = workload.serving();
        if (serving != null) {
            put("speaks", serving.speaks().stream().map(ModelApi::word).toList());
            put("modelClass", serving.modelClass());
        }
    }

    /** What is absent or empty is left out. */
    private void put(String name, @Nullable Object value) {
        if (value == null
                || (value instanceof Map<?, ?> map && map.isEmpty())
                || (value instanceof List<?> list && list.isEmpty())) {
            return;
        }
        view.put(name, value);
    }

    private static String time(java.time.Duration duration) {
        return Durations.render(duration);
    }

    /** {@code ON_FAILURE} is written {@code OnFailure}. */
    private static String title(Enum<?> value) {
        var out = new StringBuilder();
        for (var part : value.name().split("_")) {
            out.append(part.charAt(0)).append(part.substring(1).toLowerCase(Locale.ROOT));
        }
        return out.toString();
    }

    private static Map<String, Object> map(Object... namesAndValues) {
        var map = new LinkedHashMap<String, Object>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            map.put((String) namesAndValues[i], namesAndValues[i + 1]);
        }
        return map;
    }
}
