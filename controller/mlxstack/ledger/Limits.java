package mlxstack.ledger;

import java.util.List;
import java.util.Map;
import mlxstack.spec.Budget;
import mlxstack.spec.ClientKey;

/**
 * All that bounds spending. Immutable; two that are equal bound the same.
 *
 * @param rates by the name of the key
 * @param nanosPerMinute at which nothing more is bought, in nano-dollars; 0: no limit
 */
public record Limits(List<Line> budgets, Map<String, Rate> rates, long nanosPerMinute) {

    public static final Limits NONE = new Limits(List.of(), Map.of(), 0);

    public Limits {
        budgets = List.copyOf(budgets);
        rates = Map.copyOf(rates);
    }

    public record Line(Scope scope, Budget budget) {}

    /** 0: no limit. */
    public record Rate(int requestsPerMinute, int tokensPerMinute) {}

    /** What a budget is for. */
    public sealed interface Scope {

        /** All that goes through the gateway. */
        record Stack() implements Scope {}

        record Key(String name) implements Scope {}

        record Provider(String name) implements Scope {}

        default boolean covers(Claim claim) {
            return switch (this) {
                case Stack() -> true;
                case Key(String name) -> name.equals(claim.key());
                case Provider(String name) -> name.equals(claim.provider());
            };
        }

        /** Within a sentence. */
        default String text() {
            return switch (this) {
                case Stack() -> "the stack";
                case Key(String name) -> "key " + name;
                case Provider(String name) -> "provider " + name;
            };
        }
    }

    /**
     * @param providers budgets by the provider's name
     * @param stack budgets for everything together
     */
    public static Limits of(
            List<ClientKey> keys, Map<String, List<Budget>> providers, List<Budget> stack, long nanosPerMinute) {
        var lines = new java.util.ArrayList<Line>();
        var rates = new java.util.HashMap<String, Rate>();
        for (ClientKey key : keys) {
            key.budgets().forEach(budget -> lines.add(new Line(new Scope.Key(key.name()), budget)));
            if (key.requestsPerMinute() > 0 || key.tokensPerMinute() > 0) {
                rates.put(key.name(), new Rate(key.requestsPerMinute(), key.tokensPerMinute()));
            }
        }
        providers.forEach(
                (name, budgets) -> budgets.forEach(budget -> lines.add(new Line(new Scope.Provider(name), budget))));
        stack.forEach(budget -> lines.add(new Line(new Scope.Stack(), budget)));
        return new Limits(lines, rates, nanosPerMinute);
    }

    public boolean isEmpty() {
        return equals(NONE);
    }

    /** Whether what was spent before now matters. */
    boolean needsPast() {
        return !budgets.isEmpty() || nanosPerMinute > 0;
    }

    /** Whether money of this claim is bounded at all. */
    boolean boundsMoney(Claim claim) {
        return claim.nanos() > 0
                && budgets.stream()
                        .anyMatch(line ->
                                line.budget().usd() != null && line.scope().covers(claim));
    }
}
