package mlxstack.upstream;

import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import mlxstack.route.Hop;
import mlxstack.upstream.Fault.Kind;
import mlxstack.wire.ApiError;
import mlxstack.wire.Translation;
import org.jspecify.annotations.Nullable;

/**
 * The connection of one attempt: sends the request, once more when the server had closed an idle connection under it.
 * Event loop only.
 */
final class Exchange {

    /** A connection that was closed while idle says so at once; a server that dies over a request may take longer. */
    private static final long STALE_NANOS = 1_000_000_000;

    private final Dispatcher all;
    private final Call call;
    private final Hop hop;
    private final @Nullable Translation translation;
    private final @Nullable String parent;
    private final Teller to;
    private @Nullable HttpClientRequest request;
    private @Nullable Sending sending;
    private long sentAt;
    private boolean reused;
    /** As a server may close all its idle connections at once, the second try has one of its own. */
    private boolean again;

    private boolean over;

    /** Is told what comes of it; of {@code answered} and {@code failed} one at most, once. */
    interface Teller {
        void connected(long now);

        void answered(HttpClientResponse answer);

        void failed(Fault fault);
    }

    /** @param parent in place of the client's {@code traceparent}; null leaves it */
    Exchange(
            Dispatcher all, Call call, Hop hop, @Nullable Translation translation, @Nullable String parent, Teller to) {
        this.all = all;
        this.call = call;
        this.hop = hop;
        this.translation = translation;
        this.parent = parent;
        this.to = to;
    }

    void start() {
        String path = translation == null ? "" : translation.operation().path();
        String uri = call.uri().startsWith(path) ? call.uri() : path;
        all.upstreams.post(hop.backend(), uri, hop.timeouts().connect(), again).onComplete(this::send, error -> {
            if (!over) {
                to.failed(Fault.of(Kind.REFUSED, Errors.unreachable(hop.backend(), error)));
            }
        });
    }

    private void send(HttpClientRequest fresh) {
        if (over) {
            fresh.reset();
            if (again) {
                fresh.connection().close();
            }
            return;
        }
        request = fresh;
        sentAt = System.nanoTime();
        reused = all.upstreams.answeredBefore(fresh.connection());
        to.connected(sentAt);
        fresh.response().onComplete(this::answered, this::unanswered);
        sending = Sending.of(fresh, call, hop.backend(), translation, all.ways.secrets());
        if (parent != null) {
            Headers.trace(fresh.headers(), parent);
        }
        sending.go();
    }

    /** No answer has begun, so nobody has seen anything yet. */
    private void unanswered(Throwable error) {
        if (over) {
            return;
        }
        request = null;
        if (reused && System.nanoTime() - sentAt < STALE_NANOS) {
            again = true;
            start();
            return;
        }
        to.failed(Fault.of(Kind.CLOSED, ApiError.broken(hop.backend().id(), Errors.reason(error))));
    }

    private void answered(HttpClientResponse answer) {
        if (over) {
            answer.request().reset();
        } else {
            to.answered(answer);
        }
    }

    /** The whole answer is there: the connection may be somebody else's from here on. */
    void ended() {
        if (request != null && !again) {
            all.upstreams.answered(request.connection());
        }
        request = null;
    }

    boolean isSent() {
        return sending != null && sending.all();
    }

    long sentAt() {
        return sentAt;
    }

    /** Nothing more is wanted, and the backend need not go on. */
    void stop() {
        over = true;
        if (sending != null) {
            sending.drop();
        }
        if (request != null) {
            request.reset();
        }
    }
}
