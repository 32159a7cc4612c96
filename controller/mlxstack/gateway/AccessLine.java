package mlxstack.gateway;

import java.io.OutputStream;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import mlxstack.gateway.Seen.Leg;
import mlxstack.gateway.Seen.Routed;
import mlxstack.gateway.Seen.Visit;
import mlxstack.ledger.Exchange;
import mlxstack.ledger.Money;
import mlxstack.wire.Dialect;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.StreamWriteFeature;
import tools.jackson.core.json.JsonFactory;

/**
 * The lines of the access log: who asked for what, who answered, how long it took and what it cost. Never what was asked
 * or answered, no key, and no header but {@code x-request-id} and the trace's name. Stateless.
 */
final class AccessLine {

    /** A client may name a path anything. */
    private static final int LONGEST = 200;

    private static final JsonFactory JSON = JsonFactory.builder()
            .rootValueSeparator("\n")
            .enable(StreamWriteFeature.WRITE_BIGDECIMAL_AS_PLAIN)
            .build();

    private static final DateTimeFormatter TIME =
            new DateTimeFormatterBuilder().appendInstant(3).toFormatter(Locale.ROOT);

    private AccessLine() {}

    static void write(List<Seen> all, OutputStream out) {
        try (var json = JSON.createGenerator(ObjectWriteContext.empty(), out)) {
            for (Seen seen : all) {
                json.writeStartObject();
                json.writeStringProperty("time", TIME.format(seen.time()));
                json.writeStringProperty("request", seen.id());
                text(json, "key", seen.key());
                json.writeStringProperty("method", seen.request().method().name());
                switch (seen) {
                    case Routed routed -> routed(json, routed);
                    case Visit visit -> visit(json, visit);
                }
                json.writeNumberProperty("bytesIn", seen.request().bytesRead());
                json.writeNumberProperty("bytesOut", seen.request().response().bytesWritten());
                json.writeEndObject();
            }
            json.writeRaw('\n');
        }
    }

    private static void visit(JsonGenerator json, Visit visit) {
        String path = Objects.requireNonNullElse(visit.request().path(), "/");
        path(json, path, Dialect.of(path));
        json.writeNumberProperty("status", visit.status());
        text(json, "error", visit.error());
    }

    private static void routed(JsonGenerator json, Routed routed) {
        var call = routed.call();
        var end = routed.end();
        int query = call.uri().indexOf('?');
        path(
                json,
                query < 0 ? call.uri() : call.uri().substring(0, query),
                call.operation().dialect());
        json.writeStringProperty("operation", word(call.operation()));
        json.writeStringProperty("model", routed.exchange().model());
        if (call.body().stream()) {
            json.writeBooleanProperty("stream", true);
        }
        text(json, "route", end.route());
        text(json, "level", end.level());
        text(json, "backend", end.backend() == null ? null : end.backend().id());
        json.writeNumberProperty("hops", end.hops());
        json.writeNumberProperty("status", end.status());
        text(json, "error", routed.error());
        if (routed.gone()) {
            json.writeBooleanProperty("clientGone", true);
        }
        count(json, routed.exchange());
        millis(json, "queueMs", end.queueNanos());
        if (routed.firstNanos() >= 0 && call.body().stream()) {
            millis(json, "firstTokenMs", routed.firstNanos());
        }
        millis(json, "ms", end.nanos());
        if (routed.legs().size() > 1) {
            legs(json, routed.legs());
        }
        text(json, "trace", trace(routed));
    }

    private static void path(JsonGenerator json, String path, Dialect dialect) {
        json.writeStringProperty("path", path.length() <= LONGEST ? path : path.substring(0, LONGEST) + "…");
        json.writeStringProperty("dialect", word(dialect));
    }

    private static void count(JsonGenerator json, Exchange exchange) {
        var count = exchange.count();
        if (count.source() != Exchange.Source.NONE) {
            json.writeNumberProperty("inputTokens", count.usage().input());
            if (count.usage().cacheRead() > 0) {
                json.writeNumberProperty("cachedTokens", count.usage().cacheRead());
            }
            json.writeNumberProperty("outputTokens", count.usage().output());
            json.writeStringProperty("tokens", count.source().word());
        }
        if (exchange.cost() > 0) {
            json.writeNumberProperty("costUsd", Money.dollars(exchange.cost()).stripTrailingZeros());
        }
    }

    private static void legs(JsonGenerator json, List<Leg> legs) {
        json.writeArrayPropertyStart("attempts");
        for (Leg leg : legs) {
            json.writeStartObject();
            json.writeStringProperty("backend", leg.attempt().backend().id());
            text(json, "error", leg.error());
            millis(json, "ms", leg.attempt().nanos());
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    /** Ours, or the one that the client has and we do not take part in. */
    private static @Nullable String trace(Routed routed) {
        if (routed.spans() != null) {
            return routed.spans().trace;
        }
        var client = TraceParent.read(routed.request().getHeader("traceparent"));
        return client == null ? null : client.trace();
    }

    private static void text(JsonGenerator json, String name, @Nullable String value) {
        if (value != null) {
            json.writeStringProperty(name, value);
        }
    }

    /** With three decimals. */
    private static void millis(JsonGenerator json, String name, long nanos) {
        json.writeNumberProperty(name, Math.round(nanos / 1e3) / 1e3);
    }

    static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
