package mlxstack.gateway;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerRequest;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.function.LongSupplier;
import mlxstack.wire.ApiError;
import org.jspecify.annotations.Nullable;

/**
 * Ends connections whose requests do not come: whoever opens many and says little must not keep the others out. A request
 * that has come whole may take as long as it likes. Event loop only.
 */
final class Patience {

    private final Limits limits;
    private final LongSupplier nanos;
    private final Desk desk;
    private final IdentityHashMap<HttpConnection, Watched> connections = new IdentityHashMap<>();

    /**
     * In milliseconds.
     *
     * @param head from the connection to the first request's head
     * @param body a body has this long, and then longer at a kilobyte a second
     * @param idle between two requests
     * @param look how often it is looked at
     */
    record Limits(long head, long body, long idle, long look) {
        static final Limits DEFAULT = new Limits(30_000, 60_000, 600_000, 5_000);
    }

    private static final class Watched {
        private long since;
        private @Nullable HttpServerRequest request;
        private boolean first = true;
        /** Answered before its body was there. */
        private boolean refused;

        Watched(long since) {
            this.since = since;
        }
    }

    Patience(Vertx vertx, Limits limits, LongSupplier nanos, Desk desk) {
        this.desk = desk;
        this.limits = limits;
        this.nanos = nanos;
        vertx.setPeriodic(limits.look, _ -> look());
    }

    void opened(HttpConnection connection) {
        connections.put(connection, new Watched(nanos.getAsLong()));
        connection.closeHandler(_ -> connections.remove(connection));
    }

    /** The head of a request has come. */
    void began(HttpServerRequest request) {
        var watched = connections.get(request.connection());
        if (watched != null) {
            watched.request = request;
            watched.since = nanos.getAsLong();
        }
    }

    private void look() {
        long now = nanos.getAsLong();
        var late = new ArrayList<HttpConnection>();
        for (var entry : connections.entrySet()) {
            var watched = entry.getValue();
            var request = watched.request;
            if (request != null && request.response().ended()) {
                if (request.isEnded()) {
                    watched.request = null;
                    watched.first = false;
                    watched.since = now;
                } else if (watched.refused) {
                    late.add(entry.getKey());
                }
                // Not at once: who is still sending would lose the answer.
                watched.refused = true;
            } else if (isLate(watched, request, (now - watched.since) / 1_000_000)) {
                late.add(entry.getKey());
            }
        }
        for (HttpConnection connection : late) {
            end(connection, connections.get(connection));
        }
    }

    private boolean isLate(Watched watched, @Nullable HttpServerRequest request, long millis) {
        if (request == null) {
            return millis > (watched.first ? limits.head : limits.idle);
        }
        return !request.isEnded() && millis > limits.body && request.bytesRead() < millis - limits.body;
    }

    private void end(HttpConnection connection, @Nullable Watched watched) {
        var request = watched == null ? null : watched.request;
        if (request != null && !request.response().headWritten()) {
            request.response().endHandler(_ -> connection.close());
            desk.refuse(
                    request,
                    null,
                    ApiError.invalid(408, "request_timeout", null, "the request's body does not come; try again"));
        } else {
            connection.close();
        }
    }
}
