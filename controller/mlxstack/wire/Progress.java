package mlxstack.wire;

import org.jspecify.annotations.Nullable;

/**
 * How far the stream of a backend has come, in the backend's own dialect. One a stream; confined to the thread that
 * reads it.
 */
public interface Progress {

    /** Of a stream that begins; legacy completions count as {@link Dialect#CHAT}. */
    static Progress of(Dialect dialect) {
        return switch (dialect) {
            case CHAT -> new ChatProgress();
            case MESSAGES -> new MessagesProgress();
            case RESPONSES -> new ResponsesProgress();
        };
    }

    /** Takes note of the next frame. */
    void seen(Frame frame);

    /** Whether something came that a client shows or acts on: text, reasoning, a tool call. Role and usage are none. */
    boolean hasContent();

    /** Whether the backend said that its answer is whole: a finish reason, {@code message_stop}, {@code response.completed}. */
    boolean isComplete();

    /** What the backend says went wrong within its stream; null when nothing did. */
    @Nullable
    String error();

    /** As far as it was reported; null when it was not. */
    @Nullable
    Usage usage();
}
