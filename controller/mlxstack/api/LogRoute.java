package mlxstack.api;

import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** {@code pods/NAME/log}: what a process wrote. Holds nothing that changes; called from many threads. */
final class LogRoute {

    private final ControlPlane plane;

    LogRoute(ControlPlane plane) {
        this.plane = plane;
    }

    void serve(Exchange exchange, String name) throws InterruptedException {
        if (!exchange.method().equals("GET")) {
            Refusal.method(exchange.method()).answer(exchange);
            return;
        } else if (plane.state().unit(name) == null) {
            Refusal.notFound("pods", name).answer(exchange);
            return;
        }
        Long tail;
        Long limit;
        Instant since;
        try {
            tail = number(exchange, "tailLines");
            limit = number(exchange, "limitBytes");
            since = since(exchange);
        } catch (NumberFormatException | DateTimeException e) {
            Refusal.badRequest("tailLines, limitBytes and sinceSeconds must be whole numbers from 0 up, sinceTime an"
                            + " RFC 3339 time: " + e.getMessage())
                    .answer(exchange);
            return;
        }
        var opened = plane.logs()
                .open(new LogSource.Query(
                        name,
                        exchange.flag("previous"),
                        exchange.flag("follow"),
                        tail,
                        since,
                        exchange.flag("timestamps")));
        if (opened.isLeft()) {
            Refusal.badRequest(opened.getLeft()).answer(exchange);
            return;
        }
        try (var reader = opened.get()) {
            exchange.begin("text/plain");
            exchange.write(new byte[0]);
            copy(reader, exchange, limit == null ? Long.MAX_VALUE : limit);
            exchange.end();
        } catch (IOException e) {
            exchange.abort();
        }
    }

    private static void copy(LogSource.Reader reader, Exchange exchange, long limit)
            throws IOException, InterruptedException {
        long left = limit;
        while (left > 0) {
            byte[] bytes = reader.next();
            if (bytes == null) {
                return;
            }
            exchange.write(bytes.length <= left ? bytes : java.util.Arrays.copyOf(bytes, (int) left));
            left -= bytes.length;
        }
    }

    private static @Nullable Long number(Exchange exchange, String name) {
        if (exchange.query(name).isEmpty()) {
            return null;
        }
        long value = Long.parseLong(exchange.query(name));
        if (value < 0) {
            throw new NumberFormatException("found " + name + "=" + value);
        }
        return value;
    }

    private @Nullable Instant since(Exchange exchange) {
        Long seconds = number(exchange, "sinceSeconds");
        if (seconds != null) {
            return plane.now().wall().minusSeconds(seconds);
        }
        String time = exchange.query("sinceTime");
        return time.isEmpty() ? null : java.time.OffsetDateTime.parse(time).toInstant();
    }
}
