package mlxstack.spec;

/** How a supervised thing is started. The names in {@code stack.yaml} are these in lower case with hyphens. */
public enum EngineKind {
    VLLM_MLX,
    MLX_LM,
    LLAMA_SERVER,
    OLLAMA,
    SIMULATOR,
    /** The user's own command line. */
    COMMAND,
    /** Our own gateway process; never written by the user. */
    GATEWAY,
    /** A LiteLLM behind it; never written by the user. */
    LITELLM;

    public String yamlName() {
        return name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
    }
}
