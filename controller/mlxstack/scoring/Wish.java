package mlxstack.scoring;

/**
 * A role to fill.
 *
 * @param weight what it counts beside the others; all sum to 1
 * @param tools whether only a model that calls tools will do
 * @param context tokens of prompt and answer together that a conversation may have
 * @param concurrency conversations at one time
 */
public record Wish(Role role, double weight, boolean tools, int context, int concurrency) {

    Wish context(int tokens) {
        return new Wish(role, weight, tools, tokens, concurrency);
    }
}
