package mlxstack.catalog;

/**
 * What one running model takes, bytes.
 *
 * @param weights as they lie in memory
 * @param cache of keys and values, for all conversations at once
 * @param overhead of the server: its program, buffers for computing
 * @param estimated whether the weights were computed, or the cache guessed, rather than known
 */
public record MemoryNeed(long weights, long cache, long overhead, boolean estimated) {

    private static final long MIB = 1L << 20;

    /** What a server of language models takes before it has loaded anything. */
    private static final long PROGRAM = 600 * MIB;

    /** Where nothing is known of a model's attention, what a token takes by its size: 20 KiB a billion weights. */
    private static final long GUESSED_PER_BILLION = 20 << 10;

    public long total() {
        return weights + cache + overhead;
    }

    /**
     * @param contextTokens that a conversation may have
     * @param conversations at once; at least 1
     */
    public static MemoryNeed of(CatalogModel model, ModelSource source, long contextTokens, int conversations) {
        var attention = model.attention();
        long each = attention.known()
                ? attention.bytes(contextTokens)
                : (long) (model.parameters().total() * GUESSED_PER_BILLION * contextTokens);
        return new MemoryNeed(
                source.sizeBytes(),
                each * Math.max(1, conversations),
                PROGRAM + source.sizeBytes() / 20,
                source.sizeEstimated() || !attention.known());
    }
}
