package mlxstack.upstream;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
import java.util.Locale;
import java.util.Objects;
import mlxstack.upstream.Fault.Kind;
import mlxstack.wire.ApiError;
import mlxstack.wire.Translation;
import mlxstack.wire.Usage;
import org.jspecify.annotations.Nullable;

/** What becomes of the body of a backend's answer. One an attempt, on the event loop. */
abstract sealed class Relay permits ByteRelay, WholeRelay, EventRelay, ErrorRelay {

    final Attempt attempt;

    Relay(Attempt attempt) {
        this.attempt = attempt;
    }

    /**
     * @param last whether no other backend is left
     * @return null when the client waits for a stream, and this is none
     */
    static @Nullable Relay of(
            Attempt attempt, HttpClientResponse answer, @Nullable Translation translation, boolean last) {
        boolean early = attempt.reply().early();
        if (answer.statusCode() < 200 || answer.statusCode() >= 300) {
            boolean key = answer.statusCode() == 401 && !attempt.backend.isLocal();
            boolean theirs = translation == null || translation.operation() == attempt.asked();
            return theirs && !early && last && !key ? new ByteRelay(attempt) : new ErrorRelay(attempt);
        }
        String type =
                Objects.requireNonNullElse(answer.getHeader("Content-Type"), "").toLowerCase(Locale.ROOT);
        if (type.startsWith("text/event-stream")) {
            return new EventRelay(attempt, translation);
        }
        if (early) {
            return null;
        }
        return translation != null || type.startsWith("application/json")
                ? new WholeRelay(attempt, translation)
                : new ByteRelay(attempt);
    }

    abstract void bytes(Buffer bytes);

    /** As the backend's HTTP says; not all of them say it truly. */
    abstract void ended();

    /** The connection ended before the body did. */
    void broken() {
        cut();
    }

    final void cut() {
        var backend = attempt.backend;
        attempt.fail(
                attempt.reply().content()
                        ? Fault.of(Kind.TRUNCATED, ApiError.truncated(backend.id()))
                        : Fault.of(Kind.EMPTY, Errors.empty(backend)));
    }

    /** Tokens of the answer as far as what came tells: an event of a stream is about one. */
    long counted() {
        return 0;
    }

    /** As far as the backend reported it. */
    @Nullable
    Usage usage() {
        return null;
    }

    /** What has to come before a frame of ours, after all that was passed on; null when no frame would be understood. */
    @Nullable
    String gap() {
        return null;
    }
}
