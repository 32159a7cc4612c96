package mlxstack.bench;

import mlxstack.spec.EngineKind;
import org.jspecify.annotations.Nullable;

/**
 * A server that answers chat completions.
 *
 * @param name for people
 * @param url without {@code /v1}
 * @param asked the model's name in requests
 * @param repo what it serves: a hub's repository or a path
 */
public record Target(String name, String url, String asked, EngineKind engine, String repo) {

    /** @param model as the stack file has it; null if it has none */
    public static Target of(String name, String url, EngineKind engine, @Nullable String model) {
        return new Target(name, url, asked(engine, name, model), engine, model == null ? name : model);
    }

    private static String asked(EngineKind engine, String name, @Nullable String model) {
        return switch (engine) {
            case MLX_LM -> "default_model";
            case OLLAMA -> model == null ? name : model;
            case LLAMA_SERVER, VLLM_MLX, SIMULATOR, COMMAND, GATEWAY, LITELLM -> name;
        };
    }
}
