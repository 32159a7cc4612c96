package mlxstack.gateway;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.OutputStream;
import java.net.URI;
import java.util.function.Supplier;
import mlxstack.route.Table;
import mlxstack.spec.Telemetry;
import mlxstack.upstream.Call;
import org.jspecify.annotations.Nullable;

/**
 * Tells those who watch of each request: counts it, gives it a line in the log, and sends its spans to a collector where
 * there is one. Event loop only.
 */
final class Watch implements Witness {

    private final Vertx vertx;
    private final Supplier<Table> tables;
    private final Gauges gauges = new Gauges();
    private final Metrics metrics = new Metrics(gauges);
    private final AccessLog log;
    private @Nullable Traces traces;
    /** Of collectors that are not used any more. */
    private long sent;

    private long dropped;

    /**
     * @param tables what is in force, without a look at the file
     * @param out where the log goes; not closed
     */
    Watch(Vertx vertx, Supplier<Table> tables, OutputStream out) {
        this.vertx = vertx;
        this.tables = tables;
        this.log = new AccessLog(vertx, out);
    }

    @Override
    public @Nullable Spans began(Call call) {
        var telemetry = tables.get().telemetry();
        return telemetry.traces() == null
                ? null
                : Spans.of(TraceParent.read(call.request().getHeader("traceparent")));
    }

    @Override
    public void ended(Seen seen) {
        var table = tables.get();
        metrics.ended(seen, table);
        if (table.telemetry().accessLog()) {
            log.add(seen);
        }
        if (seen instanceof Seen.Routed routed && routed.spans() != null) {
            var to = traces(table.telemetry());
            if (to != null) {
                to.add(routed, routed.spans());
            }
        }
    }

    /** Where spans go by this; null: nowhere. */
    private @Nullable Traces traces(Telemetry telemetry) {
        String endpoint = telemetry.traces();
        var before = traces;
        if (before != null && !before.endpoint().equals(endpoint)) {
            before.close().onComplete(_ -> {
                sent += before.sent();
                dropped += before.dropped();
            });
            traces = null;
        }
        if (traces == null && endpoint != null) {
            traces = new Traces(vertx, URI.create(endpoint), Traces.Pace.DEFAULT);
        }
        return traces;
    }

    long spansSent() {
        return sent + (traces == null ? 0 : traces.sent());
    }

    long spansDropped() {
        return dropped + (traces == null ? 0 : traces.dropped());
    }

    /** What {@code /metrics} says; any thread. */
    byte[] metrics(Gauges.Now now) {
        gauges.tell(now);
        return metrics.text();
    }

    /** Nothing comes after this: writes what has not been written, and sends what has not been sent. */
    Future<Void> close() {
        log.flush();
        return traces == null ? Future.succeededFuture() : traces.close();
    }

    /** After the event loop's end; requests that it took with it. */
    void flush() {
        log.flush();
    }
}
