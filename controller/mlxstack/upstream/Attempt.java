package mlxstack.upstream;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import java.time.Duration;
import java.util.Objects;
import mlxstack.route.Backend;
import mlxstack.route.Hop;
import mlxstack.upstream.Fault.Kind;
import mlxstack.wire.ApiError;
import mlxstack.wire.BadRequest;
import mlxstack.wire.Operation;
import mlxstack.wire.Translation;
import org.jspecify.annotations.Nullable;

/**
 * One request to one backend. Ends exactly once: with {@link Dispatch#done}, with {@link Dispatch#failed}, or cancelled.
 * Event loop only.
 */
final class Attempt {

    /** As many idle connections may have been closed under us as one restart closes. */
    private static final int STALE_TRIES = 3;
    /** A connection that was closed while idle says so at once; a server that dies over a request may take longer. */
    private static final long STALE_NANOS = 1_000_000_000;

    static final String NO_STREAM = "no stream, though one was asked for";

    final Hop hop;
    final Backend backend;
    final Station station;
    /** What the breaker calls it. */
    final int ticket;

    final long began = System.nanoTime();
    private final Dispatch of;
    private final Dispatcher all;
    private final Call call;
    private @Nullable Translation translation;
    private final Timers timers;

    private @Nullable HttpClientRequest upstream;
    private @Nullable HttpClientResponse answer;
    private @Nullable Sending sending;
    private @Nullable Relay relay;
    private long sentAt;
    private long firstAt = -1;
    private boolean reused;
    private int stale;
    private boolean over;
    private @Nullable Buffer refusal;

    /** @param firstToken how long it is given until there is content */
    Attempt(Dispatch of, Dispatcher all, Call call, Hop hop, Station station, Duration firstToken) {
        this.of = of;
        this.all = all;
        this.call = call;
        this.hop = hop;
        this.backend = hop.backend();
        this.station = station;
        this.timers = new Timers(hop.timeouts(), firstToken, began);
        this.ticket = station.breaker.begins(began);
    }

    void start() {
        try {
            translation = all.ways.translations().find(call, hop);
        } catch (BadRequest e) {
            fail(Fault.of(Kind.UNTRANSLATABLE, e.error()));
            return;
        }
        connect();
    }

    private void connect() {
        String uri = translation == null ? call.uri() : translation.operation().path();
        all.upstreams.post(backend, uri, hop.timeouts().connect()).onComplete(this::send, error -> {
            if (!over) {
                fail(Fault.of(Kind.REFUSED, Errors.unreachable(backend, error)));
            }
        });
    }

    private void send(HttpClientRequest request) {
        if (over) {
            request.reset();
            return;
        }
        upstream = request;
        sentAt = System.nanoTime();
        timers.connected(sentAt);
        reused = all.upstreams.answeredBefore(request.connection());
        request.response().onComplete(this::answered, this::unanswered);
        sending = Sending.of(request, call, backend, translation, all.ways.secrets());
        sending.go();
    }

    /** No answer has begun, so nobody has seen anything yet. */
    private void unanswered(Throwable error) {
        if (over) {
            return;
        }
        upstream = null;
        if (reused && stale < STALE_TRIES && System.nanoTime() - sentAt < STALE_NANOS) {
            stale++;
            connect();
            return;
        }
        fail(Fault.of(Kind.CLOSED, ApiError.broken(backend.id(), Errors.reason(error))));
    }

    private void answered(HttpClientResponse response) {
        if (over) {
            response.request().reset();
            return;
        }
        answer = response;
        if (of.isLast() && call.operation() != Operation.COUNT_TOKENS && sending != null && sending.all()) {
            call.body().release();
        }
        progress();
        var to = Relay.of(this, response, translation, of.isLast());
        if (to == null) {
            fail(Fault.of(Kind.MALFORMED, Errors.malformed(backend, NO_STREAM)));
            return;
        }
        relay = to;
        response.handler(bytes -> {
            if (!over) {
                to.bytes(bytes);
            }
        });
        response.exceptionHandler(_ -> {
            if (!over) {
                to.broken();
            }
        });
        response.endHandler(_ -> {
            if (!over) {
                all.upstreams.answered(response.request().connection());
                to.ended();
            }
        });
    }

    int status() {
        return answer == null ? 0 : answer.statusCode();
    }

    Operation asked() {
        return call.operation();
    }

    Reply reply() {
        return of.reply;
    }

    /** Of an answer that is an error and was taken in. */
    void refused(Buffer body) {
        refusal = body;
        String text = body.toString();
        fail(Fault.status(status(), retryAfter(), text, ErrorText.of(backend, status(), retryAfter(), text)));
    }

    /** What it was told in place of an answer, in the client's words; null when that is not so. */
    @Nullable
    Buffer refusal() {
        return translation == null ? refusal : null;
    }

    /** The fault that an answer passed on unread is; null when it is none. */
    @Nullable
    Fault said() {
        return status() < 400
                ? null
                : Fault.status(status(), retryAfter(), "", ErrorText.of(backend, status(), retryAfter(), ""));
    }

    private int retryAfter() {
        String value = answer == null ? null : answer.getHeader("Retry-After");
        return value != null && value.strip().matches("[0-9]{1,6}") ? Integer.parseInt(value.strip()) : 0;
    }

    /**
     * From here on the client's answer is this one.
     *
     * @param type of what is sent in place of the backend's own bytes; null when these are sent
     */
    void commit(@Nullable String type) {
        head(type);
        content();
        of.committed();
    }

    void head(@Nullable String type) {
        var response = Objects.requireNonNull(answer);
        reply().head(response.statusCode(), response.headers(), of.labels(backend), type);
    }

    void pass(Buffer bytes) {
        var response = reply().response();
        reply().write(bytes);
        if (response.writeQueueFull()) {
            var reading = Objects.requireNonNull(answer);
            reading.pause();
            timers.hold(true, System.nanoTime());
            response.drainHandler(_ -> {
                timers.hold(false, System.nanoTime());
                reading.resume();
            });
        }
    }

    void progress() {
        timers.progress(System.nanoTime());
    }

    void content() {
        long now = System.nanoTime();
        if (firstAt < 0) {
            firstAt = now;
            if (backend.isLocal() && call.body().stream()) {
                station.rate.seen(of.promptBytes(), now - sentAt);
            }
        }
        timers.content(now);
    }

    void done() {
        over = true;
        of.done(this, said());
    }

    void fail(Fault fault) {
        if (!over) {
            stop();
            of.failed(this, fault);
        }
    }

    /** Nothing more comes of it, and the backend need not go on. */
    void stop() {
        over = true;
        if (sending != null) {
            sending.drop();
        }
        if (upstream != null) {
            upstream.reset();
        }
    }

    void tick(long now) {
        var expired = timers.expired(now);
        if (expired == null) {
            return;
        }
        var limit = timers.limit(expired);
        fail(Fault.of(
                expired,
                switch (expired) {
                    case REFUSED -> Errors.unconnected(backend, limit);
                    case SILENT -> Errors.silent(backend, limit);
                    case STALLED -> Errors.stalled(backend, limit);
                    default -> Errors.overdue(backend, limit);
                }));
    }

    @Nullable
    String gap() {
        return relay == null ? "" : relay.gap();
    }

    Observer.Attempted record(@Nullable Fault fault, long now) {
        return new Observer.Attempted(
                backend,
                fault,
                status(),
                now - began,
                firstAt < 0 ? -1 : firstAt - began,
                reply().content(),
                relay == null ? null : relay.usage());
    }
}
