package mlxstack.spec;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Choosing a model by how hard a request is.
 *
 * @param model the name that asks for it; requests for other models are left alone
 * @param levels by name: {@code trivial simple standard complex expert}
 * @param roles by what a client declares as {@code agent_role}
 * @param order models, the least capable first
 */
public record Complexity(
        Mode mode,
        Classifier classifier,
        String model,
        Map<String, Level> levels,
        Map<String, Role> roles,
        List<String> order) {

    public Complexity {
        levels = Map.copyOf(levels);
        roles = Map.copyOf(roles);
        order = List.copyOf(order);
    }

    /** SHADOW decides and records, and does nothing. */
    public enum Mode {
        OFF,
        SHADOW,
        ON
    }

    /** DECLARED goes by what the client says of its work; TEXT by LiteLLM's seven dimensions of the last user message. */
    public enum Classifier {
        DECLARED,
        TEXT
    }

    /** @param maxTokens of an answer at this level; null: as asked */
    public record Level(String model, @Nullable Integer maxTokens) {}

    /**
     * @param level taken for this role, whatever the signals; null: by the signals
     * @param floor the least capable model, one of {@link Complexity#order}, that it gets; null: none
     */
    public record Role(@Nullable String level, @Nullable String floor) {}
}
