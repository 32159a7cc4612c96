package mlxstack.catalog;

import org.jspecify.annotations.Nullable;

/**
 * What a conversation costs in memory, beside the weights. All layers together hold keys and values in 16 bits, unless an
 * engine is told otherwise.
 *
 * @param layers of the model
 * @param fullLayers those that keep every token; the others keep a window of tokens, or a state of fixed size
 * @param kvHeads of a layer that keeps tokens; 0 where the numbers are not known
 * @param headDim elements of one head
 * @param window tokens that each of the other layers keeps; null when they keep a state
 * @param windowLayers layers that keep the window; 0 when none
 * @param stateBytes of the layers with a state, all together, for one conversation
 * @param bytesPerToken what one token takes in the full layers; given where heads do not tell (compressed attention)
 */
public record Attention(
        int layers,
        int fullLayers,
        int kvHeads,
        int headDim,
        @Nullable Integer window,
        int windowLayers,
        long stateBytes,
        long bytesPerToken) {

    /** Keys and values, 16 bits each. */
    private static final int BYTES_OF_BOTH = 4;

    /** Every layer keeps every token. */
    public static Attention full(int layers, int kvHeads, int headDim) {
        return new Attention(layers, layers, kvHeads, headDim, null, 0, 0, perToken(layers, kvHeads, headDim));
    }

    static long perToken(int layers, int kvHeads, int headDim) {
        return (long) BYTES_OF_BOTH * layers * kvHeads * headDim;
    }

    /** Whether anything is known. */
    public boolean known() {
        return bytesPerToken > 0;
    }

    /** Bytes for one conversation of that many tokens. */
    public long bytes(long tokens) {
        long kept = window == null ? 0 : Math.min(tokens, window);
        return bytesPerToken * tokens + perToken(windowLayers, kvHeads, headDim) * kept + stateBytes;
    }
}
