package mlxstack.upstream;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Function;
import mlxstack.route.Backend;
import mlxstack.wire.Translation;
import org.jspecify.annotations.Nullable;

/** What is sent to a backend: writes the body slice by slice, as fast as the endpoint reads it. Used once, on the event loop. */
final class Sending {

    /** A whole body at once would be copied once more on its way to the socket. */
    private static final int SLICE = 64 * 1024;

    private final HttpClientRequest to;
    /** What is sent is let go of at once: bodies are the largest things there are here. */
    private final Deque<Piece> pieces = new ArrayDeque<>(3);

    private int length;
    private int offset;
    private boolean ended;

    private Sending(HttpClientRequest to) {
        this.to = to;
    }

    /** The head, and what the body is made of. */
    static Sending of(
            HttpClientRequest to,
            Call call,
            Backend backend,
            @Nullable Translation translation,
            Function<String, @Nullable String> secrets) {
        var headers = to.headers();
        Headers.toUpstream(call.request().headers(), headers, call.id());
        var sending = new Sending(to);
        if (translation != null) {
            var dialect = translation.operation().dialect();
            if (dialect != call.operation().dialect()) {
                Headers.translated(headers, dialect);
            }
            byte[] body = translation.request();
            sending.part(body, 0, body.length);
        } else {
            sending.asItIs(call.body(), backend);
        }
        String secret = backend.secret();
        Headers.authorize(headers, backend, secret == null ? null : secrets.apply(secret));
        to.putHeader("Content-Length", Integer.toString(sending.length));
        return sending;
    }

    /** The client's own bytes, but for the model's name where the backend has another one. */
    private void asItIs(Payload body, Backend backend) {
        String own = backend.upstreamModel();
        String name = own == null && body.model().isEmpty() ? backend.id() : own;
        if (name == null || name.equals(body.model())) {
            part(body.bytes(), 0, body.length());
        } else {
            byte[] other = body.modelAs(name);
            part(body.bytes(), 0, body.modelStart())
                    .part(other, 0, other.length)
                    .part(body.bytes(), body.modelEnd(), body.length());
        }
    }

    private Sending part(byte[] bytes, int start, int end) {
        pieces.add(new Piece(bytes, start, end));
        length += end - start;
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
            var slice = Buffer.buffer(length).appendBytes(now.bytes, from, length);
            if (pieces.size() == 1 && from + length == now.end) {
                pieces.remove();
                ended = true;
                // With the end in one write.
                to.end(slice);
                return;
            }
            to.write(slice);
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
