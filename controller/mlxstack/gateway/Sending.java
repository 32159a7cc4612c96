package mlxstack.gateway;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import java.util.ArrayDeque;
import java.util.Deque;

/** Writes a body slice by slice, as fast as the endpoint reads it. Used once, on the event loop. */
final class Sending {

    /** A whole body at once would be copied once more on its way to the socket. */
    private static final int SLICE = 64 * 1024;

    private final HttpClientRequest to;
    private final Intake.Body body;
    /** What is sent is let go of at once: bodies are the largest things there are here. */
    private final Deque<Piece> pieces = new ArrayDeque<>();

    private int offset;
    private boolean ended;

    Sending(HttpClientRequest to, Intake.Body body) {
        this.to = to;
        this.body = body;
    }

    Sending part(int start, int end) {
        pieces.add(new Piece(body.bytes(), start, end));
        return this;
    }

    Sending bytes(byte[] bytes) {
        pieces.add(new Piece(bytes, 0, bytes.length));
        return this;
    }

    void go() {
        to.drainHandler(_ -> go());
        for (var now = pieces.peek(); now != null; now = pieces.peek()) {
            int from = now.start + offset;
            int length = Math.min(SLICE, now.end - from);
            if (length <= 0) {
                pieces.remove();
                offset = 0;
                continue;
            }
            offset += length;
            to.write(Buffer.buffer(length).appendBytes(now.bytes, from, length));
            if (to.writeQueueFull()) {
                return;
            }
        }
        if (!ended) {
            ended = true;
            to.end();
        }
    }

    boolean all() {
        return pieces.isEmpty();
    }

    /** Nothing more is wanted. */
    void drop() {
        ended = true;
        pieces.clear();
    }

    private static final class Piece {

        private final byte[] bytes;
        private final int start;
        private final int end;

        Piece(byte[] bytes, int start, int end) {
            this.bytes = bytes;
            this.start = start;
            this.end = end;
        }
    }
}
