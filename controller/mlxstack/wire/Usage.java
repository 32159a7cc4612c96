package mlxstack.wire;

/**
 * Tokens of one request, as a backend reported them.
 *
 * @param input all tokens of the prompt, those from a cache included
 * @param output all tokens of the answer, reasoning included
 * @param cacheRead of {@code input}: read from the backend's cache
 * @param cacheWrite of {@code input}: written to it
 * @param reasoning of {@code output}
 */
public record Usage(long input, long output, long cacheRead, long cacheWrite, long reasoning) {

    public static final Usage NONE = new Usage(0, 0, 0, 0, 0);
}
