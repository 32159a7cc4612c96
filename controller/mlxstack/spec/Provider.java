package mlxstack.spec;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A model server that runs elsewhere. Preview: parsed and validated, not acted on yet.
 *
 * @param apiKey never text; null where none is needed
 */
public record Provider(
        String name,
        Type type,
        String baseUrl,
        @Nullable EnvValue apiKey,
        List<Model> models,
        Map<String, Object> budget) {

    public Provider {
        models = List.copyOf(models);
        budget = Map.copyOf(budget);
    }

    public enum Type {
        OPENAI,
        ANTHROPIC,
        OLLAMA
    }

    /** @param price USD per million tokens by kind ({@code input}, {@code output}), as decimal text */
    public record Model(String name, String model, Map<String, String> price) {
        public Model {
            price = Map.copyOf(price);
        }
    }
}
