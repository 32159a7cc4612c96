package mlxstack.api;

import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import mlxstack.spec.Durations;
import mlxstack.spec.EnvValue;
import mlxstack.spec.ExecAction;
import mlxstack.spec.ModelApi;
import mlxstack.spec.Policy;
import mlxstack.spec.Probe;
import mlxstack.spec.Reload;
import mlxstack.spec.RestartPolicy;
import mlxstack.spec.Template;
import mlxstack.spec.Workload;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** A workload as the stack file would write it with every default filled in; secrets stay references. */
public final class SpecJson {

    private SpecJson() {}

    public static ObjectNode of(Workload workload) {
        var spec = Json.object();
        template(spec, workload.template());
        if (!workload.roles().isEmpty()) {
            spec.set("roles", Json.array(workload.roles()));
        }
        spec.put("replicas", workload.replicas());
        if (workload.priority() != 0) {
            spec.put("priority", workload.priority());
        }
        if (!workload.dependsOn().isEmpty()) {
            var all = spec.putArray("dependsOn");
            workload.dependsOn()
                    .forEach(d -> all.addObject().put("name", d.name()).put("condition", title(d.condition())));
        }
        var queue = workload.queue();
        if (queue != null) {
            spec.putObject("queue")
                    .put("maxWaiting", queue.maxWaiting())
                    .put("maxWait", Durations.render(queue.maxWait()));
        }
        var serving = workload.serving();
        if (serving != null) {
            if (!serving.speaks().isEmpty()) {
                spec.set(
                        "speaks",
                        Json.array(serving.speaks().stream().map(ModelApi::word).toList()));
            }
            Json.putIf(spec, "modelClass", serving.modelClass());
        }
        policy(spec, workload.policy());
        reload(spec, workload.reload());
        return spec;
    }

    private static void template(ObjectNode spec, Template template) {
        spec.put("engine", template.engine().yamlName());
        Json.putIf(spec, "model", template.model());
        if (!template.command().isEmpty()) {
            spec.set("command", Json.array(template.command()));
        }
        if (!template.args().isEmpty()) {
            spec.set("args", Json.array(template.args()));
        }
        Json.putIf(spec, "workingDirectory", template.workingDirectory());
        Json.putIf(spec, "port", template.port());
        if (!template.ports().isEmpty()) {
            spec.set("ports", Json.numbers(template.ports()));
        }
        Json.putIf(spec, "contextWindow", template.contextWindow());
        Json.putIf(spec, "concurrency", template.concurrency());
        env(spec, template.env());
        if (!template.envFrom().isEmpty()) {
            var all = spec.putArray("envFrom");
            template.envFrom().forEach(file -> all.addObject().put("file", file));
        }
        if (!template.restartTriggers().isEmpty()) {
            spec.set("restartTriggers", Json.array(new TreeMap<>(template.restartTriggers()).keySet()));
        }
    }

    private static void env(ObjectNode spec, Map<String, EnvValue> env) {
        if (env.isEmpty()) {
            return;
        }
        var all = spec.putObject("env");
        new TreeMap<>(env).forEach((name, value) -> {
            switch (value) {
                case EnvValue.Text(String text) -> all.put(name, text);
                case EnvValue.FromEnv _, EnvValue.FromFile _, EnvValue.FromKeychain _ ->
                    all.set(name, reference(value));
            }
        });
    }

    /** {@code {env: NAME}} and the like; text is never given back. */
    static ObjectNode reference(EnvValue value) {
        return switch (value) {
            case EnvValue.Text _ -> Json.object().put("text", "***");
            case EnvValue.FromEnv(String source) -> Json.object().put("env", source);
            case EnvValue.FromFile(String path) -> Json.object().put("file", path);
            case EnvValue.FromKeychain(String item) -> Json.object().put("keychain", item);
        };
    }

    private static void policy(ObjectNode spec, Policy policy) {
        Json.putIf(spec, "memory", policy.memory());
        restart(spec.putObject("restart"), policy.restart());
        var flapping = policy.flapping();
        var flap = spec.putObject("flapping");
        flap.put("restarts", flapping.restarts()).put("window", Durations.render(flapping.window()));
        flap.putObject("hold")
                .put("initial", Durations.render(flapping.holdInitial()))
                .put("max", Durations.render(flapping.holdMax()));
        spec.putObject("logs")
                .put("maxSize", policy.logs().maxSize())
                .put("maxFiles", policy.logs().maxFiles());
        spec.put("terminationGracePeriod", Durations.render(policy.terminationGracePeriod()));
        spec.put("stopSignal", policy.stopSignal());
        spec.put("killMode", policy.killMode().name().toLowerCase(Locale.ROOT));
        ExecAction preStop = policy.preStop();
        if (preStop != null) {
            var exec = spec.putObject("preStop").putObject("exec");
            exec.set("command", Json.array(preStop.command()));
            exec.put("timeout", Durations.render(preStop.timeout()));
        }
        var rollout = policy.rollout();
        spec.putObject("rollout")
                .put("strategy", title(rollout.strategy()))
                .put("progressDeadline", Durations.render(rollout.progressDeadline()))
                .put("autoRevert", rollout.autoRevert());
        var probes = Json.object();
        for (Probe.Kind kind : Probe.Kind.values()) {
            Probe probe = policy.probes().of(kind);
            if (probe != null) {
                probes.set(kind.name().toLowerCase(Locale.ROOT), probe(probe));
            }
        }
        if (!probes.isEmpty()) {
            spec.set("probes", probes);
        }
    }

    private static void restart(ObjectNode to, RestartPolicy restart) {
        var backoff = restart.backoff();
        to.put("policy", title(restart.when()));
        to.putObject("backoff")
                .put("initial", Durations.render(backoff.initial()))
                .put("factor", backoff.factor())
                .put("max", Durations.render(backoff.max()))
                .put("jitter", backoff.jitter())
                .put("resetAfter", Durations.render(backoff.resetAfter()));
        to.set(
                "permanentExitCodes",
                Json.numbers(restart.permanentExitCodes().stream().sorted().toList()));
    }

    private static ObjectNode probe(Probe probe) {
        var to = Json.object();
        switch (probe.handler()) {
            case Probe.Handler.Http(Integer port, String path, Map<String, String> headers) -> {
                var http = to.putObject("http");
                Json.putIf(http, "port", port);
                http.put("path", path);
                if (!headers.isEmpty()) {
                    http.set("headers", Json.map(headers));
                }
            }
            case Probe.Handler.Tcp(Integer port) -> Json.putIf(to.putObject("tcp"), "port", port);
            case Probe.Handler.Exec(java.util.List<String> command) ->
                to.putObject("exec").set("command", Json.array(command));
            case Probe.Handler.Log(String pattern) -> to.putObject("log").put("pattern", pattern);
            case Probe.Handler.Model() -> to.putObject("model");
            case Probe.Handler.Health() -> to.putObject("health");
        }
        return to.put("initialDelay", Durations.render(probe.initialDelay()))
                .put("period", Durations.render(probe.period()))
                .put("timeout", Durations.render(probe.timeout()))
                .put("successThreshold", probe.successThreshold())
                .put("failureThreshold", probe.failureThreshold());
    }

    private static void reload(ObjectNode spec, @Nullable Reload reload) {
        switch (reload) {
            case null -> {}
            case Reload.BySignal(String signal) -> spec.putObject("reload").put("signal", signal);
            case Reload.ByExec(java.util.List<String> command) ->
                spec.putObject("reload").putObject("exec").set("command", Json.array(command));
        }
    }

    /** {@code ON_FAILURE} as {@code OnFailure}. */
    public static String title(Enum<?> value) {
        var out = new StringBuilder();
        for (String part : value.name().split("_")) {
            out.append(part.charAt(0)).append(part.substring(1).toLowerCase(Locale.ROOT));
        }
        return out.toString();
    }
}
