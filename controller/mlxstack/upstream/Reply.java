package mlxstack.upstream;

import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import java.util.Objects;
import mlxstack.wire.ApiError;
import mlxstack.wire.Dialect;
import org.jspecify.annotations.Nullable;

/**
 * The client's side of a request. That the head is out and that content is out are two things: a stream may have been
 * begun only to keep the client waiting, and any backend may still give its content. Event loop only.
 */
public final class Reply {

    private static final String EVENTS = "text/event-stream";

    private final HttpServerRequest request;
    private final HttpServerResponse response;
    private final Dialect dialect;
    private final String id;
    private boolean early;
    private boolean content;
    /** Since it was last asked. */
    private boolean wrote;

    /** The latest write. */
    private Future<Void> written = Future.succeededFuture();

    Reply(HttpServerRequest request, Dialect dialect, String id) {
        this.request = request;
        this.response = request.response();
        this.dialect = dialect;
        this.id = id;
    }

    HttpServerResponse response() {
        return response;
    }

    Dialect dialect() {
        return dialect;
    }

    /** Whether the client has been told that a stream comes, so that an error can only be a frame of it. */
    boolean early() {
        return early;
    }

    /** Whether the client has had anything that it acts on. */
    boolean content() {
        return content;
    }

    /** The oldest clients know no chunks. */
    boolean mayBeKeptWaiting() {
        return request.version() != HttpVersion.HTTP_1_0;
    }

    /** Something that is no event, so that nobody takes the connection for dead. */
    void keepAlive(String comment, Labels labels) {
        if (!early && !content) {
            early = true;
            response.setStatusCode(200)
                    .setChunked(true)
                    .putHeader("Content-Type", EVENTS)
                    .putHeader("Cache-Control", "no-cache")
                    .putHeader("x-request-id", id);
            labels.put(response.headers());
        }
        String line = ": " + comment + "\n";
        written = response.write(
                dialect == Dialect.MESSAGES ? line + "event: ping\ndata: {\"type\": \"ping\"}\n\n" : line + "\n");
    }

    /**
     * The head for what {@link #write} or {@link #whole} sends; nothing when a head is out.
     *
     * @param type of a body that is not the one these headers came with; null when it is
     */
    void head(int status, MultiMap from, Labels labels, @Nullable String type) {
        if (early) {
            return;
        }
        response.setStatusCode(status);
        var headers = response.headers();
        Headers.toClient(from, headers, type == null);
        if (type != null) {
            headers.set("Content-Type", type);
        }
        labels.put(headers);
        headers.set("x-request-id", id);
    }

    void write(Buffer bytes) {
        if (!content) {
            content = true;
            if (!early && !response.headers().contains("Content-Length")) {
                response.setChunked(true);
            }
        }
        wrote = true;
        written = response.write(bytes);
    }

    /** Whether something was written since this was asked before. */
    boolean wrote() {
        boolean did = wrote;
        wrote = false;
        return did;
    }

    /** All there is of an answer. */
    void whole(Buffer bytes) {
        content = true;
        response.end(bytes);
    }

    void end() {
        if (!content && !early && response.headers().contains("Content-Length")) {
            content = true;
        }
        response.end();
    }

    /** In place of an answer. */
    void refuse(ApiError error, Labels labels) {
        if (early) {
            breakOff(error.frame(dialect), "");
            return;
        }
        if (!response.headWritten() && !response.closed()) {
            labels.put(response.headers());
        }
        refuse(request, error, dialect, id);
    }

    /**
     * The end of the body is left out, so that also a client that reads no frames sees that it is not all.
     *
     * @param frames that tell of the error
     * @param gap what has to come before a frame; null when none can be told from what came before
     */
    void breakOff(String frames, @Nullable String gap) {
        if (gap != null) {
            written = response.write(gap + frames);
        }
        written.onComplete(_ -> request.connection().close());
    }

    /** @param id for {@code x-request-id} */
    public static void refuse(HttpServerRequest request, ApiError error, Dialect dialect, String id) {
        var response = request.response();
        if (response.closed() || response.ended()) {
            return;
        }
        if (error.retryAfter() > 0) {
            response.putHeader("Retry-After", Integer.toString(error.retryAfter()));
        }
        if (!request.isEnded()) {
            response.putHeader("Connection", "close");
        }
        if (!response.headers().contains(Labels.HOPS)) {
            // Refused before there was anything to decide.
            Labels.NONE.put(response.headers());
        }
        response.setStatusCode(error.status())
                .putHeader("Content-Type", "application/json")
                .putHeader("x-request-id", id)
                .end(Buffer.buffer(Objects.requireNonNull(error.json(dialect))));
    }
}
