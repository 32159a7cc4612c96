package mlxstack.gateway;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import mlxstack.wire.ApiError;
import org.jspecify.annotations.Nullable;

/**
 * Takes in a request's body, which has to be known whole before its model is. All bodies together have a limit, so that
 * many large ones make clients wait and not the gateway die: what does not fit now is not read before it does. Event
 * loop only.
 */
final class Intake {

    /** Pictures and sound come within JSON and forms. */
    static final int LARGEST = 32 << 20;

    private static final int SMALLEST = 4 * 1024;
    private static final long PATIENCE_MS = 30_000;

    private final int largest;
    private final long patience;
    private final List<Waiting> waiting = new ArrayList<>();
    private long left;

    Intake() {
        this(LARGEST, 48L << 20, PATIENCE_MS);
    }

    /**
     * @param all bytes of all bodies held at a time
     * @param patience milliseconds a request waits for room
     */
    Intake(int largest, long all, long patience) {
        this.largest = largest;
        this.left = all;
        this.patience = patience;
    }

    /** One of the two is called, once, unless the client goes before. */
    void take(Vertx vertx, HttpServerRequest request, Consumer<Body> whole, Consumer<ApiError> refused) {
        long announced = announced(request);
        if (announced > largest) {
            refused.accept(tooLarge(announced + " bytes"));
            return;
        }
        int capacity = Math.max(SMALLEST, (int) announced);
        if (capacity <= left) {
            read(request, new Body(vertx, capacity), whole, refused);
            return;
        }
        request.pause();
        var place = new Waiting(capacity, () -> {
            read(request, new Body(vertx, capacity), whole, refused);
            request.resume();
        });
        waiting.add(place);
        request.response().closeHandler(_ -> waiting.remove(place));
        vertx.setTimer(patience, _ -> {
            if (waiting.remove(place)) {
                refused.accept(ApiError.busy());
            }
        });
    }

    private void read(HttpServerRequest request, Body body, Consumer<Body> whole, Consumer<ApiError> refused) {
        request.response().closeHandler(_ -> body.release());
        request.handler(part -> {
            if (body.released) {
                return;
            }
            ApiError error = body.add(part);
            if (error != null) {
                body.release();
                refused.accept(error);
            }
        });
        request.endHandler(_ -> {
            if (!body.released) {
                whole.accept(body);
            }
        });
    }

    /** The oldest first, but none is kept waiting by a larger one. */
    private void admit() {
        for (Waiting place : List.copyOf(waiting)) {
            if (place.capacity <= left && waiting.remove(place)) {
                place.go.run();
            }
        }
    }

    /** 0 when it is not said. */
    private static long announced(HttpServerRequest request) {
        String length = request.getHeader("Content-Length");
        try {
            return length == null ? 0 : Math.max(0, Long.parseLong(length.trim()));
        } catch (NumberFormatException e) {
            // Refused by the HTTP parser before it comes here.
            return 0;
        }
    }

    private ApiError tooLarge(String found) {
        return ApiError.invalid(
                413,
                "request_too_large",
                null,
                "found a request body of %s; expected at most %d MiB".formatted(found, largest >> 20));
    }

    /** The bytes, and their share of the limit until they are released. */
    final class Body {

        private final Vertx vertx;
        private byte[] bytes;
        private int length;
        private boolean released;

        private Body(Vertx vertx, int capacity) {
            this.vertx = vertx;
            bytes = new byte[capacity];
            left -= capacity;
        }

        private @Nullable ApiError add(Buffer part) {
            if (length + part.length() > bytes.length) {
                if (length + part.length() > largest) {
                    return tooLarge("more");
                }
                int capacity = Math.max(bytes.length * 2, length + part.length());
                if (capacity >= largest / 2) {
                    // From half to the whole there would never be room for both.
                    capacity = largest;
                }
                if (capacity > left) {
                    // Both are there for as long as copying takes.
                    return ApiError.busy();
                }
                left -= capacity - bytes.length;
                bytes = Arrays.copyOf(bytes, capacity);
            }
            part.getBytes(bytes, length);
            length += part.length();
            return null;
        }

        byte[] bytes() {
            return bytes;
        }

        int length() {
            return length;
        }

        /** The bytes are not needed again. */
        void release() {
            if (!released) {
                released = true;
                left += bytes.length;
                bytes = new byte[0];
                length = 0;
                if (!waiting.isEmpty()) {
                    // Not from within: whoever released them may have the bytes at hand still.
                    vertx.runOnContext(_ -> admit());
                }
            }
        }
    }

    /** Compared by identity. */
    private static final class Waiting {

        private final int capacity;
        private final Runnable go;

        Waiting(int capacity, Runnable go) {
            this.capacity = capacity;
            this.go = go;
        }
    }
}
