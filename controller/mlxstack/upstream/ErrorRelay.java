package mlxstack.upstream;

import io.vertx.core.buffer.Buffer;

/** Takes in an answer that is an error: what it says decides whether another backend is asked. */
final class ErrorRelay extends Relay {

    private static final int READ = 64 * 1024;

    private final Buffer body = Buffer.buffer();
    private boolean over;

    ErrorRelay(Attempt attempt) {
        super(attempt);
    }

    @Override
    void bytes(Buffer bytes) {
        if (!over) {
            body.appendBuffer(bytes);
            if (body.length() > READ) {
                ended();
            }
        }
    }

    @Override
    void ended() {
        if (!over) {
            over = true;
            attempt.refused(body);
        }
    }

    /** As much as there is says enough. */
    @Override
    void broken() {
        ended();
    }
}
