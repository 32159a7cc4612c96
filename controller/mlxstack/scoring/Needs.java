package mlxstack.scoring;

import mlxstack.catalog.MemoryNeed;

/** What a model takes when it is served. Stateless. */
final class Needs {

    /** Tokens of context at which memory is usually measured. */
    private static final int MEASURED_WITH = 4096;

    private Needs() {}

    /**
     * Computed, and never less than what was measured: the difference between a measured peak and what was computed for
     * it is added as overhead. A measured 0 changes nothing.
     *
     * @param contextTokens of each conversation
     * @param conversations at once
     */
    static MemoryNeed of(Form form, Speed speed, int contextTokens, int conversations) {
        var computed = MemoryNeed.of(form.model(), form.source(), contextTokens, conversations);
        Long peak = speed.memoryBytes();
        if (peak == null || peak <= 0) {
            return computed;
        }
        long expected =
                MemoryNeed.of(form.model(), form.source(), MEASURED_WITH, 1).total();
        return new MemoryNeed(
                computed.weights(),
                computed.cache(),
                computed.overhead() + Math.max(0, peak - expected),
                computed.estimated());
    }
}
