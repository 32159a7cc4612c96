package mlxstack.upstream;

import io.vertx.core.buffer.Buffer;
import org.jspecify.annotations.Nullable;

/** Bytes that wait to be passed on. The first ones are kept as they came: mostly there are no others. Event loop only. */
final class Held {

    private @Nullable Buffer bytes;
    private boolean ours;

    void add(Buffer more) {
        if (bytes == null) {
            bytes = more;
        } else if (ours) {
            bytes.appendBuffer(more);
        } else {
            ours = true;
            bytes = Buffer.buffer(bytes.length() + more.length() + 1024)
                    .appendBuffer(bytes)
                    .appendBuffer(more);
        }
    }

    void add(byte[] more) {
        if (more.length > 0) {
            add(Buffer.buffer(more));
        }
    }

    boolean isEmpty() {
        return bytes == null;
    }

    int length() {
        return bytes == null ? 0 : bytes.length();
    }

    /** What there is, which it no longer holds; null when there is nothing. */
    @Nullable
    Buffer take() {
        var all = bytes;
        bytes = null;
        ours = false;
        return all;
    }
}
