package mlxstack.wire;

/**
 * What a translation has to know beside the request.
 *
 * @param maxOutput tokens that the answer may have at most; 0: as many as asked for
 * @param local whether the backend is a model server of this stack: these take more than OpenAI names ({@code top_k},
 *     {@code reasoning_content}, fields of their own) and ignore what they do not know; a provider may refuse it
 * @param id letters and digits; makes the names of answers and calls where the backend gives none
 * @param createdAt seconds since 1970
 */
public record Options(int maxOutput, boolean local, String id, long createdAt) {

    public Options {
        id = id.isEmpty() ? "0" : id;
    }

    /** The smaller of what was asked for and what is allowed; 0 when neither says anything. */
    public long output(long asked) {
        if (asked <= 0) {
            return maxOutput;
        }
        return maxOutput > 0 ? Math.min(asked, maxOutput) : asked;
    }
}
