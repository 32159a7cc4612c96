package mlxstack.upstream;

import io.vertx.core.buffer.Buffer;
import org.jspecify.annotations.Nullable;

/** Whether a frame of ours would be understood after what a client was sent. Only its last bytes are known. Event loop only. */
final class Frames {

    private static final int KEPT = 4;

    private final byte[] tail = new byte[KEPT];
    private int kept;

    void seen(Buffer bytes) {
        int fresh = Math.min(KEPT, bytes.length());
        int old = Math.min(kept, KEPT - fresh);
        System.arraycopy(tail, kept - old, tail, 0, old);
        bytes.getBytes(bytes.length() - fresh, bytes.length(), tail, old);
        kept = old + fresh;
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
