package mlxstack.spec;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Who may use what.
 *
 * @param secret never text
 * @param allow names of models, endpoints, roles; empty: all
 * @param requestsPerMinute 0: no limit
 * @param tokensPerMinute 0: no limit
 * @param floor the least capable model, one of {@link Complexity#order}, that its requests get; null: none
 * @param context what is known of whoever holds the key; a client cannot claim otherwise
 */
public record ClientKey(
        String name,
        EnvValue secret,
        List<String> allow,
        int requestsPerMinute,
        int tokensPerMinute,
        List<Budget> budgets,
        @Nullable String floor,
        Map<String, String> context) {

    public ClientKey {
        allow = List.copyOf(allow);
        budgets = List.copyOf(budgets);
        context = Map.copyOf(context);
    }
}
