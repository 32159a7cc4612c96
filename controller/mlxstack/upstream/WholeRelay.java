package mlxstack.upstream;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import mlxstack.upstream.Fault.Kind;
import mlxstack.wire.BackendError;
import mlxstack.wire.BadAnswer;
import mlxstack.wire.Translation;
import mlxstack.wire.Usage;
import mlxstack.wire.Usages;
import org.jspecify.annotations.Nullable;

/** An answer in one piece of JSON, passed on when it is all there: until then another backend may give a better one. */
final class WholeRelay extends Relay {

    /** More than this is passed on as it comes. */
    static final int HELD = 256 * 1024;
    /** What is translated is held whatever it takes, to this. */
    private static final int LARGEST = 32 << 20;

    private static final int BYTES_A_TOKEN = 4;

    private static final byte[] ERROR = "{\"error\":".getBytes(StandardCharsets.US_ASCII);

    private final @Nullable Translation translation;
    private final Held held = new Held();
    private boolean passing;
    /** What the backend answered. */
    private @Nullable Buffer whole;

    WholeRelay(Attempt attempt, @Nullable Translation translation) {
        super(attempt);
        this.translation = translation;
    }

    @Override
    void bytes(Buffer bytes) {
        if (passing) {
            attempt.pass(bytes);
            return;
        }
        attempt.progress();
        held.add(bytes);
        if (translation != null) {
            if (held.length() > LARGEST) {
                attempt.fail(Fault.of(
                        Kind.MALFORMED,
                        Errors.malformed(attempt.backend, "more than %d MiB".formatted(LARGEST >> 20))));
            }
        } else if (held.length() > HELD && !attempt.reply().early()) {
            passing = true;
            attempt.commit(null);
            attempt.pass(Objects.requireNonNull(held.take()));
        }
    }

    @Override
    void ended() {
        if (passing) {
            attempt.reply().end();
            attempt.done();
            return;
        }
        var all = held.take();
        whole = all;
        if (all == null) {
            attempt.fail(Fault.of(Kind.EMPTY, Errors.empty(attempt.backend)));
        } else if (isError(all)) {
            // Some say that they failed with a status that says the opposite.
            String said = BackendError.read(500, "application/json", all.getBytes(), null)
                    .message();
            attempt.fail(new Fault(
                    Kind.ERROR_EVENT, 0, 0, Fault.saysTooLong(said), false, Errors.said(attempt.backend, said)));
        } else if (translation == null) {
            finish(all, null);
        } else {
            try {
                finish(Buffer.buffer(translation.answer(all.getBytes())), "application/json");
            } catch (BadAnswer e) {
                attempt.fail(
                        Fault.of(Kind.MALFORMED, Errors.malformed(attempt.backend, String.valueOf(e.getMessage()))));
            }
        }
    }

    private void finish(Buffer body, @Nullable String type) {
        if (attempt.reply().early()) {
            attempt.fail(Fault.of(Kind.MALFORMED, Errors.malformed(attempt.backend, Attempt.NO_STREAM)));
            return;
        }
        attempt.commit(type);
        attempt.reply().whole(body);
        attempt.done();
    }

    @Override
    long counted() {
        return whole == null ? 0 : whole.length() / BYTES_A_TOKEN;
    }

    @Override
    @Nullable
    Usage usage() {
        var operation = translation == null ? attempt.asked() : translation.operation();
        return whole == null ? null : Usages.inAnswer(operation.dialect(), whole.getBytes());
    }

    private static boolean isError(Buffer body) {
        int at = 0;
        for (int i = 0; i < body.length() && at < ERROR.length && i < 64; i++) {
            byte b = body.getByte(i);
            if (b == ERROR[at]) {
                at++;
            } else if (b > ' ') {
                return false;
            }
        }
        return at == ERROR.length
                && !body.getString(0, Math.min(body.length(), 64)).contains("null");
    }
}
