package mlxstack.pull;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What kind of weights a model comes as. */
public enum Format {
    /** A folder of safetensors with configuration and tokenizer: mlx_lm, vllm-mlx, transformers. */
    MLX,
    /** One file, or one in parts: llama.cpp, LM Studio, Ollama. */
    GGUF;

    /** Null for another word. */
    public static @Nullable Format named(String word) {
        return switch (word.toLowerCase(Locale.ROOT)) {
            case "mlx", "safetensors" -> MLX;
            case "gguf" -> GGUF;
            default -> null;
        };
    }

    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
