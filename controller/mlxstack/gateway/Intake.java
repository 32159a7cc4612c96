package mlxstack.gateway;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.util.Arrays;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Takes in a request's body, which has to be known whole before its model is. All bodies together have a limit, so that
 * many large ones make clients wait and not the gateway die. Event loop only.
 */
final class Intake {

    /** Pictures and sound come within JSON and forms. */
    static final int LARGEST = 32 << 20;

    private static final int SMALLEST = 4 * 1024;

    private final int largest;
    private long left;

    Intake() {
        this(LARGEST, 48L << 20);
    }

    /** @param all bytes of all bodies held at a time */
    Intake(int largest, long all) {
        this.largest = largest;
        this.left = all;
    }

    /** One of the two is called, once, unless the client goes before. */
    void take(HttpServerRequest request, Consumer<Body> whole, Consumer<ApiError> refused) {
        long announced = announced(request);
        if (announced > largest) {
            refused.accept(tooLarge(announced + " bytes"));
            return;
        }
        if (announced > left) {
            refused.accept(ApiError.busy());
            return;
        }
        var body = new Body(Math.max(SMALLEST, (int) announced));
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

        private byte[] bytes;
        private int length;
        private boolean released;

        private Body(int capacity) {
            bytes = new byte[capacity];
            left -= capacity;
        }

        private @Nullable ApiError add(Buffer part) {
            if (length + part.length() > bytes.length) {
                if (length + part.length() > largest) {
                    return tooLarge("more");
                }
                int capacity = Math.min(largest, Math.max(bytes.length * 2, length + part.length()));
                if (capacity - bytes.length > left) {
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
            }
        }
    }
}
