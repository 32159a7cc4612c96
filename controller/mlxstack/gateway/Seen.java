package mlxstack.gateway;

import io.vertx.core.http.HttpServerRequest;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import mlxstack.ledger.Exchange;
import mlxstack.upstream.Call;
import mlxstack.upstream.Fault;
import mlxstack.upstream.Observer;
import mlxstack.wire.ApiError;
import org.jspecify.annotations.Nullable;

/** A request that is over, and what became of it; nothing of what was said in it. */
sealed interface Seen {

    /** At which it came. */
    Instant time();

    HttpServerRequest request();

    /** {@code x-request-id}. */
    String id();

    /** The name of the key it came with; null without one. */
    @Nullable
    String key();

    /** That the client was sent; 499 when it left before. */
    int status();

    /** Why it was not answered whole, in a word; null when it was. */
    @Nullable
    String error();

    /** Whether no backend was asked because the gateway said no. */
    boolean refused();

    /** The word that programs go by. */
    static String word(ApiError error) {
        return Objects.requireNonNullElse(error.code(), error.type());
    }

    /**
     * One that was answered at the door: it was turned away, or wanted no backend.
     *
     * @param why null when it was answered
     */
    record Visit(
            Instant time,
            HttpServerRequest request,
            String id,
            @Nullable String key,
            int status,
            @Nullable ApiError why)
            implements Seen {

        @Override
        public @Nullable String error() {
            return why == null ? null : word(why);
        }

        @Override
        public boolean refused() {
            return why != null;
        }
    }

    /**
     * One that was for a backend.
     *
     * @param spans null when it is not traced
     * @param firstNanos from its beginning to the first content; -1 when there was none
     * @param exchange as the ledger has it
     */
    record Routed(
            Call call,
            Instant time,
            @Nullable Spans spans,
            Observer.Ended end,
            List<Leg> legs,
            long firstNanos,
            Exchange exchange)
            implements Seen {

        static final String GONE = "client_gone";

        @Override
        public HttpServerRequest request() {
            return call.request();
        }

        @Override
        public String id() {
            return call.id();
        }

        @Override
        public @Nullable String key() {
            return call.key();
        }

        @Override
        public int status() {
            return end.status();
        }

        boolean gone() {
            return end.status() == Fault.CLIENT_GONE;
        }

        @Override
        public @Nullable String error() {
            if (gone()) {
                return GONE;
            }
            var fault = end.fault();
            if (fault == null) {
                return null;
            }
            // What a backend calls its errors is its own affair.
            return refused() ? word(fault.error()) : fault.reason();
        }

        @Override
        public boolean refused() {
            var fault = end.fault();
            return fault != null && !gone() && (legs.isEmpty() || fault.kind() == Fault.Kind.OVERSPENT);
        }
    }

    /**
     * One backend that was asked.
     *
     * @param beganNanos since the request's beginning
     * @param span null when it is not traced, or nothing was sent
     */
    record Leg(
            Observer.Attempted attempt,
            long beganNanos,
            @Nullable String span) {

        /** Whether the backend heard of it. */
        boolean sent() {
            var fault = attempt.fault();
            return fault == null || (fault.kind() != Fault.Kind.OVERSPENT && fault.kind() != Fault.Kind.UNTRANSLATABLE);
        }

        @Nullable
        String error() {
            var fault = attempt.fault();
            if (fault == null) {
                return null;
            }
            return fault.kind() == Fault.Kind.GONE ? Routed.GONE : fault.reason();
        }
    }
}
