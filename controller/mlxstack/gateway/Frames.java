package mlxstack.gateway;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * How far a stream of server-sent events has come: whether it said that it is over, and whether a frame of ours would
 * be understood. Only its last bytes are known. One a relay, event loop only.
 */
final class Frames {

    private static final int KEPT = 32;

    private final boolean events;
    private final byte[] tail = new byte[KEPT];
    private int kept;

    /** @param contentType of the answer; null when it has none */
    Frames(@Nullable String contentType) {
        events = contentType != null && contentType.toLowerCase(Locale.ROOT).startsWith("text/event-stream");
    }

    void seen(Buffer bytes) {
        if (!events) {
            return;
        }
        int fresh = Math.min(KEPT, bytes.length());
        int old = Math.min(kept, KEPT - fresh);
        System.arraycopy(tail, kept - old, tail, 0, old);
        bytes.getBytes(bytes.length() - fresh, bytes.length(), tail, old);
        kept = old + fresh;
    }

    boolean events() {
        return events;
    }

    /** Whether the last frame was the one that ends OpenAI's streams. */
    boolean done() {
        return new String(tail, 0, kept, StandardCharsets.ISO_8859_1).strip().endsWith("[DONE]");
    }

    /**
     * What has to come before a frame of ours; null when half a line is out, which nothing turns into a frame that a
     * client could read.
     */
    @Nullable
    String gap() {
        int newlines = 0;
        for (int i = kept - 1; i >= 0 && (tail[i] == '\n' || tail[i] == '\r'); i--) {
            newlines += tail[i] == '\n' ? 1 : 0;
        }
        if (kept == 0 || newlines >= 2) {
            return "";
        }
        return newlines == 1 ? "\n" : null;
    }
}
