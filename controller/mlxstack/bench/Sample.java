package mlxstack.bench;

/**
 * One answer. Times are nanoseconds from the moment the request was sent.
 *
 * @param promptTokens as the server counted them; 0 if it did not
 * @param cachedTokens of these, those it had from before
 * @param tokens of the answer
 * @param counted the server said how many; else each piece of text counts as one
 * @param first when the first text, reasoning or piece of a tool call came
 * @param last when the last one came
 */
record Sample(int promptTokens, int cachedTokens, int tokens, boolean counted, long first, long last) {

    private static final double SECOND = 1e9;

    /** Tokens a second after the first one; 0 when there was only one. */
    double generation() {
        return tokens < 2 || last <= first ? 0 : (tokens - 1) * SECOND / (last - first);
    }

    /** Tokens a second until the first one of the answer; 0 when the prompt's length is unknown. */
    double prompt() {
        return first <= 0 ? 0 : promptTokens * SECOND / first;
    }

    double firstMillis() {
        return first / 1e6;
    }
}
