package mlxstack.gateway;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import java.net.URI;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends spans to a collector, by OTLP over HTTP in JSON. A collector that is away is tried again ever more seldom; what
 * there is no room for meanwhile is dropped and counted, and no request waits for any of it. Event loop only.
 */
final class Traces {

    private static final Logger LOG = LoggerFactory.getLogger(Traces.class);
    private static final int BATCH = 64;

    private final Vertx vertx;
    private final String endpoint;
    private final Pace pace;
    private final RequestOptions where;
    private final HttpClient client;
    /** Each the spans of one request. */
    private final Deque<SpanJson.Encoded> waiting = new ArrayDeque<>();

    private long bytes;
    private long sent;
    private long dropped;
    /** Of the wait after a failure; 0 when the last try went well. */
    private long pause;

    private long timer = -1;
    private @Nullable Future<Void> sending;
    private boolean closed;

    /**
     * @param lingerMillis from a span to its being sent, so that others go with it
     * @param mostBytes that wait
     * @param longestMillis between two tries
     * @param timeoutMillis that the collector is given
     */
    record Pace(long lingerMillis, long mostBytes, long longestMillis, long timeoutMillis) {
        static final Pace DEFAULT = new Pace(1_000, 1 << 20, 30_000, 10_000);
    }

    /** @param endpoint what {@code /v1/traces} is appended to */
    Traces(Vertx vertx, URI endpoint, Pace pace) {
        this.vertx = vertx;
        this.endpoint = endpoint.toString();
        this.pace = pace;
        boolean tls = "https".equals(endpoint.getScheme());
        String path = endpoint.getRawPath() == null ? "" : endpoint.getRawPath();
        this.where = new RequestOptions()
                .setMethod(HttpMethod.POST)
                .setHost(endpoint.getHost())
                .setPort(endpoint.getPort() > 0 ? endpoint.getPort() : tls ? 443 : 80)
                // Of the connection, and of any silence.
                .setTimeout(pace.timeoutMillis)
                .setURI((path.endsWith("/") ? path.substring(0, path.length() - 1) : path) + "/v1/traces");
        this.client = vertx.createHttpClient(
                new HttpClientOptions().setSsl(tls).setVerifyHost(true), new PoolOptions().setHttp1MaxSize(1));
    }

    String endpoint() {
        return endpoint;
    }

    /** Spans that the collector has taken. */
    long sent() {
        return sent;
    }

    long dropped() {
        return dropped;
    }

    void add(Seen.Routed routed, Spans spans) {
        var encoded = SpanJson.encode(routed, spans);
        if (bytes + encoded.bytes() > pace.mostBytes) {
            dropped += encoded.spans();
            return;
        }
        waiting.add(encoded);
        bytes += encoded.bytes();
        if (pause == 0) {
            next();
        }
    }

    /** A full batch at once, anything else before long. */
    private void next() {
        if (waiting.size() >= BATCH && !closed) {
            send();
        } else if (!waiting.isEmpty()) {
            schedule(pace.lingerMillis);
        }
    }

    private void schedule(long millis) {
        if (timer < 0 && sending == null && !closed) {
            timer = vertx.setTimer(millis, _ -> {
                timer = -1;
                send();
            });
        }
    }

    private void send() {
        if (sending != null || waiting.isEmpty()) {
            return;
        }
        int requests = Math.min(BATCH, waiting.size());
        var body = SpanJson.batch(waiting.stream().limit(requests).toList());
        sending = client.request(where)
                .compose(request -> post(request, body))
                .recover(error -> Future.succeededFuture(Answer.none(error)))
                .map(answer -> {
                    ended(answer, requests);
                    return null;
                });
    }

    private static Future<Answer> post(HttpClientRequest request, byte[] body) {
        return request.putHeader("Content-Type", "application/json")
                .send(Buffer.buffer(body))
                .compose(response -> response.body()
                        .map(said -> new Answer(response.statusCode(), "HTTP " + response.statusCode())));
    }

    private void ended(Answer answer, int requests) {
        sending = null;
        if (answer.mayComeAgain() && !closed) {
            if (pause == 0) {
                LOG.warn("{} takes no spans: {}; it is tried again", endpoint, answer.words);
            }
            pause = Math.clamp(pause * 2, pace.lingerMillis, pace.longestMillis);
            schedule(pause);
            return;
        }
        if (!answer.taken()) {
            LOG.warn("{} takes no spans: {}", endpoint, answer.words);
        }
        pause = 0;
        for (int i = 0; i < requests; i++) {
            var one = waiting.remove();
            bytes -= one.bytes();
            sent += answer.taken() ? one.spans() : 0;
            dropped += answer.taken() ? 0 : one.spans();
        }
        next();
    }

    /** Tries once more to send what there is; always succeeds. */
    Future<Void> close() {
        if (timer >= 0) {
            vertx.cancelTimer(timer);
            timer = -1;
        }
        closed = true;
        return rest().eventually(client::close);
    }

    private Future<Void> rest() {
        var running = sending;
        if (running != null) {
            return running.compose(_ -> rest());
        }
        if (waiting.isEmpty()) {
            return Future.succeededFuture();
        }
        send();
        return rest();
    }

    /** @param status 0: there was none */
    private record Answer(int status, String words) {

        static Answer none(Throwable error) {
            return new Answer(0, String.valueOf(error.getMessage()));
        }

        boolean taken() {
            return status >= 200 && status < 300;
        }

        /** As OTLP has it. */
        boolean mayComeAgain() {
            return status == 0 || status == 429 || (status >= 502 && status <= 504);
        }
    }
}
