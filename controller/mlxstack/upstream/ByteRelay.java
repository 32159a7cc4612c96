package mlxstack.upstream;

import io.vertx.core.buffer.Buffer;
import mlxstack.upstream.Fault.Kind;
import mlxstack.wire.Operation;

/** Copies an answer as it comes: sound, pictures, large JSON, errors that nobody else can do anything about. */
final class ByteRelay extends Relay {

    private boolean begun;

    ByteRelay(Attempt attempt) {
        super(attempt);
    }

    @Override
    void bytes(Buffer bytes) {
        if (!begun) {
            begun = true;
            attempt.commit(null);
        }
        attempt.pass(bytes);
    }

    @Override
    void ended() {
        if (!begun) {
            if (attempt.status() == 200 && attempt.asked() != Operation.OTHER) {
                attempt.fail(Fault.of(Kind.EMPTY, Errors.empty(attempt.backend)));
                return;
            }
            attempt.commit(null);
        }
        attempt.reply().end();
        attempt.done();
    }
}
