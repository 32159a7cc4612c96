package mlxstack.engine;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import mlxstack.spec.EngineKind;
import mlxstack.spec.EnvValue;
import mlxstack.spec.Flapping;
import mlxstack.spec.LogPolicy;
import mlxstack.spec.Policy;
import mlxstack.spec.Probes;
import mlxstack.spec.RestartPolicy;
import mlxstack.spec.Rollout;
import mlxstack.spec.Template;
import mlxstack.spec.Workload;
import org.jspecify.annotations.Nullable;

/** A workload to be started, with only what a test cares about. */
public record Wanted(
        EngineKind engine,
        @Nullable String model,
        List<String> command,
        List<String> args,
        Map<String, EnvValue> env,
        List<String> envFrom,
        @Nullable String workingDirectory,
        @Nullable Integer contextWindow,
        @Nullable Integer concurrency) {

    public static Wanted engine(EngineKind engine) {
        return new Wanted(engine, null, List.of(), List.of(), Map.of(), List.of(), null, null, null);
    }

    public Wanted model(String model) {
        return new Wanted(engine, model, command, args, env, envFrom, workingDirectory, contextWindow, concurrency);
    }

    public Wanted command(String... command) {
        return new Wanted(
                engine, model, List.of(command), args, env, envFrom, workingDirectory, contextWindow, concurrency);
    }

    public Wanted args(String... args) {
        return new Wanted(
                engine, model, command, List.of(args), env, envFrom, workingDirectory, contextWindow, concurrency);
    }

    public Wanted env(Map<String, EnvValue> env) {
        return new Wanted(engine, model, command, args, env, envFrom, workingDirectory, contextWindow, concurrency);
    }

    public Wanted envFrom(String... files) {
        return new Wanted(
                engine, model, command, args, env, List.of(files), workingDirectory, contextWindow, concurrency);
    }

    public Wanted in(String directory) {
        return new Wanted(engine, model, command, args, env, envFrom, directory, contextWindow, concurrency);
    }

    public Wanted window(int tokens) {
        return new Wanted(engine, model, command, args, env, envFrom, workingDirectory, tokens, concurrency);
    }

    public Wanted concurrency(int requests) {
        return new Wanted(engine, model, command, args, env, envFrom, workingDirectory, contextWindow, requests);
    }

    public Template template() {
        return new Template(
                engine,
                model,
                command,
                args,
                env,
                envFrom,
                workingDirectory,
                null,
                List.of(),
                contextWindow,
                concurrency,
                Map.of());
    }

    public Workload named(String name) {
        return new Workload(
                name,
                Workload.Kind.ENDPOINT,
                null,
                Map.of(),
                List.of(),
                1,
                0,
                List.of(),
                template(),
                "hash",
                POLICY,
                null,
                null);
    }

    private static final Policy POLICY = new Policy(
            new RestartPolicy(
                    RestartPolicy.When.ALWAYS,
                    new RestartPolicy.Backoff(
                            Duration.ofSeconds(1), 2, Duration.ofMinutes(1), 0, Duration.ofMinutes(10)),
                    Set.of()),
            new Flapping(0, Duration.ofMinutes(1), Duration.ofMinutes(1), Duration.ofMinutes(1)),
            new LogPolicy(1 << 20, 2),
            new Rollout(Rollout.Strategy.RECREATE, Duration.ofMinutes(1), false),
            Probes.NONE,
            Duration.ofSeconds(5),
            "TERM",
            null,
            Policy.KillMode.ALL,
            null);
}
