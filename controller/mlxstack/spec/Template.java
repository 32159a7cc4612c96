package mlxstack.spec;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The restart-class fields: what the user wrote that decides the command line. A change of any of them replaces the
 * running instance; nothing else does.
 *
 * @param model catalog id, hub repository or path; null for engines without one
 * @param command for {@link EngineKind#COMMAND}; empty otherwise
 * @param args appended to the engine's own arguments
 * @param envFrom files of NAME=value lines, read at the spawn; {@code env} wins over them
 * @param workingDirectory absolute; null is the user's home
 * @param port declared; null is allotted by the reconciler where the engine needs one
 * @param ports further ports the workload is known to listen on
 * @param restartTriggers content digests by absolute path, taken when the revision was read
 */
public record Template(
        EngineKind engine,
        @Nullable String model,
        List<String> command,
        List<String> args,
        Map<String, EnvValue> env,
        List<String> envFrom,
        @Nullable String workingDirectory,
        @Nullable Integer port,
        List<Integer> ports,
        @Nullable Integer contextWindow,
        @Nullable Integer concurrency,
        Map<String, String> restartTriggers) {

    public Template {
        command = List.copyOf(command);
        args = List.copyOf(args);
        env = Map.copyOf(env);
        envFrom = List.copyOf(envFrom);
        ports = List.copyOf(ports);
        restartTriggers = Map.copyOf(restartTriggers);
    }

    public Template withRestartTriggers(Map<String, String> triggers) {
        return new Template(
                engine,
                model,
                command,
                args,
                env,
                envFrom,
                workingDirectory,
                port,
                ports,
                contextWindow,
                concurrency,
                triggers);
    }

    /** Whether the reconciler has to find a port when none is declared. */
    public boolean needsPort() {
        return switch (engine) {
            case VLLM_MLX, MLX_LM, LLAMA_SERVER, OLLAMA, SIMULATOR, LITELLM -> true;
            case COMMAND, GATEWAY -> false;
        };
    }

    /** Whether the server itself is given {@code concurrency}, so that a change of it is one of the command line. */
    public boolean tellsConcurrency() {
        return switch (engine) {
            case VLLM_MLX, MLX_LM, LLAMA_SERVER, OLLAMA -> true;
            case COMMAND, GATEWAY, LITELLM, SIMULATOR -> false;
        };
    }
}
