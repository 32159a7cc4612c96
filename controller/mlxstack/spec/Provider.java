package mlxstack.spec;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A model server that runs elsewhere.
 *
 * @param baseUrl as written; whether {@code /v1} belongs to it depends on the type
 * @param apiKey never text; null where none is needed
 * @param speaks empty: what its type does
 * @param timeouts of all its models, where a route says nothing else
 */
public record Provider(
        String name,
        Type type,
        String baseUrl,
        @Nullable EnvValue apiKey,
        List<Model> models,
        List<ModelApi> speaks,
        List<Budget> budgets,
        Timeouts timeouts) {

    public Provider {
        models = List.copyOf(models);
        speaks = List.copyOf(speaks);
        budgets = List.copyOf(budgets);
    }

    public enum Type {
        OPENAI,
        ANTHROPIC,
        OLLAMA
    }

    /**
     * @param price USD per million tokens by kind ({@code input}, {@code output}, {@code cacheRead}, {@code cacheWrite}),
     *     as decimal text; what is missing costs nothing
     * @param contextWindow tokens of prompt and answer together; null: not known
     */
    public record Model(
            String name,
            String model,
            Map<String, String> price,
            @Nullable Integer contextWindow) {
        public Model {
            price = Map.copyOf(price);
        }
    }
}
