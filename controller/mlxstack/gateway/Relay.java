package mlxstack.gateway;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import java.util.Iterator;
import java.util.Objects;
import java.util.function.Consumer;
import mlxstack.route.Backend;
import mlxstack.wire.ApiError;
import mlxstack.wire.Dialect;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One request on its way through: sent to the first endpoint that takes it, its answer copied byte for byte as it comes.
 * A client that does not read pauses the endpoint; one that goes ends the endpoint's work. Event loop only.
 */
final class Relay {

    private static final Logger LOG = LoggerFactory.getLogger(Relay.class);
    /** As many idle connections may have been closed under us as one restart closes. */
    private static final int STALE_TRIES = 3;
    /** A connection that was closed while idle says so at once; a server that dies over a request may take longer. */
    private static final long STALE_NANOS = 1_000_000_000;

    private final Upstreams upstreams;
    private final HttpServerRequest request;
    private final HttpServerResponse response;
    private final String uri;
    private final Dialect dialect;
    private final Intake.Body body;
    private final ModelField model;
    private final Iterator<Backend> candidates;
    private final Consumer<ApiError> refuse;
    private final Runnable done;

    private @Nullable HttpClientRequest upstream;
    private @Nullable Sending sending;
    private boolean finished;
    private int stale;
    private long sentAt;
    private boolean reused;
    /** The latest write to the client. */
    private Future<Void> written = Future.succeededFuture();

    /**
     * @param candidates at least one
     * @param refuse answers with an error; called at most once, and only while no answer has begun
     * @param done called once, at the end of the relay however it came
     */
    Relay(
            Upstreams upstreams,
            HttpServerRequest request,
            String uri,
            Intake.Body body,
            ModelField model,
            Iterator<Backend> candidates,
            Consumer<ApiError> refuse,
            Runnable done) {
        this.upstreams = upstreams;
        this.request = request;
        this.response = request.response();
        this.uri = uri;
        this.dialect = Dialect.of(Objects.requireNonNullElse(request.path(), ""));
        this.body = body;
        this.model = model;
        this.candidates = candidates;
        this.refuse = refuse;
        this.done = done;
    }

    void start() {
        response.closeHandler(_ -> leave());
        response.exceptionHandler(_ -> leave());
        attempt(candidates.next());
    }

    /** The client has gone: nobody's health is blamed for it. */
    private void leave() {
        var running = finished ? null : upstream;
        finish();
        if (running != null) {
            running.reset();
        }
    }

    private void finish() {
        if (!finished) {
            finished = true;
            released();
            done.run();
        }
    }

    private void attempt(Backend endpoint) {
        upstreams.post(endpoint, uri).onComplete(sending -> send(endpoint, sending), error -> {
            if (!finished) {
                otherwise(ApiError.unreachable(
                        endpoint.id(),
                        "port " + endpoint.base().getPort(),
                        reason(error),
                        endpoint.retryAfterSeconds()));
            }
        });
    }

    private void send(Backend endpoint, HttpClientRequest sending) {
        if (finished) {
            sending.reset();
            return;
        }
        upstream = sending;
        sentAt = System.nanoTime();
        reused = upstreams.answeredBefore(sending.connection());
        sending.response().onComplete(answer -> copy(endpoint, answer), error -> unanswered(endpoint, error));
        Headers.toUpstream(request.headers(), sending.headers());
        String name = endpoint.upstreamModel();
        if (name == null || name.equals(model.value())) {
            sending.putHeader("Content-Length", Integer.toString(body.length()));
            sending(new Sending(sending, body).part(0, body.length()));
        } else {
            byte[] other = model.replacement(name);
            int length = body.length() - (model.end() - model.start()) + other.length;
            sending.putHeader("Content-Length", Integer.toString(length));
            sending(new Sending(sending, body)
                    .part(0, model.start())
                    .bytes(other)
                    .part(model.end(), body.length()));
        }
    }

    private void sending(Sending fresh) {
        sending = fresh;
        fresh.go();
    }

    private void released() {
        var running = sending;
        if (running != null) {
            running.drop();
        }
        sending = null;
        body.release();
    }

    /** No answer has begun, so nobody has seen anything yet. */
    private void unanswered(Backend endpoint, Throwable error) {
        if (finished) {
            return;
        }
        upstream = null;
        if (reused && stale < STALE_TRIES && System.nanoTime() - sentAt < STALE_NANOS) {
            stale++;
            attempt(endpoint);
            return;
        }
        LOG.warn("endpoint {} broke off before it answered: {}", endpoint.id(), reason(error));
        otherwise(ApiError.broken(endpoint.id(), reason(error)));
    }

    private void otherwise(ApiError error) {
        if (candidates.hasNext()) {
            attempt(candidates.next());
        } else {
            refuse.accept(error);
            finish();
        }
    }

    private void copy(Backend endpoint, HttpClientResponse answer) {
        if (finished) {
            answer.request().reset();
            return;
        }
        if (sending != null && sending.all()) {
            released();
        }
        response.setStatusCode(answer.statusCode());
        Headers.toClient(answer.headers(), response.headers());
        response.putHeader("X-Mlxstack-Endpoint", endpoint.id());
        if (answer.getHeader("Content-Length") == null) {
            response.setChunked(true);
        }
        var frames = new Frames(answer.getHeader("Content-Type"));
        answer.handler(bytes -> {
            frames.seen(bytes);
            written = response.write(bytes);
            if (response.writeQueueFull()) {
                answer.pause();
                response.drainHandler(_ -> answer.resume());
            }
        });
        answer.exceptionHandler(_ -> truncated(endpoint, frames));
        // Of a body that ends with its connection, only what it says tells a death from an end.
        boolean silentEnd = dialect == Dialect.CHAT
                && frames.events()
                && answer.getHeader("Content-Length") == null
                && answer.getHeader("Transfer-Encoding") == null;
        answer.endHandler(_ -> {
            upstreams.answered(answer.request().connection());
            if (silentEnd && !frames.done()) {
                truncated(endpoint, frames);
            } else if (!finished) {
                response.end();
                finish();
            }
        });
        if (request.version() != HttpVersion.HTTP_1_0) {
            // The oldest clients know no chunks; they get the head with the first bytes.
            response.writeHead();
        }
    }

    /** The end of the body is left out, so that also a client that reads no frames sees that it is not all. */
    private void truncated(Backend endpoint, Frames frames) {
        if (finished) {
            return;
        }
        finish();
        LOG.warn("endpoint {} broke off in the middle of its answer", endpoint.id());
        String gap = frames.gap();
        if (frames.events() && gap != null) {
            written = response.write(
                    Buffer.buffer(gap + ApiError.truncated(endpoint.id()).frame(dialect)));
        }
        written.onComplete(_ -> request.connection().close());
    }

    private static String reason(Throwable error) {
        var message = Objects.toString(error.getMessage(), error.getClass().getSimpleName());
        return message.startsWith("Connection refused") ? "connection refused" : message;
    }
}
