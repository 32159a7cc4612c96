package mlxstack.api;

import java.time.Duration;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/** The answer to one watch: a line for every change, until the client goes or its time is up. */
final class WatchAnswer {

    private static final Duration BOOKMARK_EVERY = Duration.ofMinutes(1);

    private final Exchange exchange;
    private final ControlPlane plane;
    private final Changes changes;
    private final Filter filter;
    private final boolean table;
    private final TableJson.Include include;
    private boolean headings = true;

    WatchAnswer(Exchange exchange, ControlPlane plane, Changes changes, Filter filter) {
        this.exchange = exchange;
        this.plane = plane;
        this.changes = changes;
        this.filter = filter;
        this.table = TableJson.wanted(exchange.header("Accept"));
        this.include = TableJson.Include.of(exchange.query("includeObject"));
    }

    void serve() throws InterruptedException {
        String asked = exchange.query("resourceVersion");
        String timeout = exchange.query("timeoutSeconds");
        boolean initial = exchange.flag("sendInitialEvents");
        if (!asked.matches("[0-9]{0,18}") || !timeout.matches("[0-9]{0,9}")) {
            Refusal.badRequest("resourceVersion and timeoutSeconds must be whole numbers, found \"" + asked
                            + "\" and \"" + timeout + "\"")
                    .answer(exchange);
            return;
        }
        exchange.begin("application/json");
        long from;
        if (initial || asked.isEmpty() || asked.equals("0")) {
            var listing = changes.list(filter);
            for (var item : listing.items()) {
                send(Watching.Type.ADDED, item.item(), item.version());
            }
            from = listing.version();
            if (initial) {
                bookmark(from, true);
            }
        } else {
            from = Long.parseLong(asked);
        }
        Duration left = timeout.isEmpty() ? Duration.ofDays(3650) : Duration.ofSeconds(Long.parseLong(timeout));
        follow(from, System.nanoTime() + left.toNanos());
        exchange.end();
    }

    private void follow(long from, long deadline) throws InterruptedException {
        boolean bookmarks = exchange.flag("allowWatchBookmarks");
        exchange.write(new byte[0]);
        try (var watching = new Watching(plane, changes, filter, from)) {
            while (true) {
                long left = deadline - System.nanoTime();
                if (left <= 0) {
                    return;
                }
                var next = watching.next(Duration.ofNanos(Math.min(left, BOOKMARK_EVERY.toNanos())));
                if (next.isLeft()) {
                    send(
                            "ERROR",
                            Refusal.expired(watching.version(), next.getLeft()).json());
                    return;
                }
                for (var seen : next.get()) {
                    send(seen.type(), seen.item(), seen.version());
                }
                if (next.get().isEmpty() && bookmarks && deadline - System.nanoTime() > 0) {
                    bookmark(watching.version(), false);
                }
            }
        }
    }

    private void send(Watching.Type type, Item item, long version) throws InterruptedException {
        if (table) {
            var rows = List.of(new Changes.Versioned(item, version));
            var object = TableJson.of(filter.kind(), rows, version, headings, include, Columns.Sight.of(plane));
            headings = false;
            send(type.name(), object);
        } else {
            send(type.name(), ObjectJson.json(item, version, null));
        }
    }

    private void bookmark(long version, boolean initialEnd) throws InterruptedException {
        var object = Json.object();
        object.put("kind", filter.kind().title())
                .put("apiVersion", filter.kind().apiVersion());
        var meta = object.putObject("metadata").put("resourceVersion", Long.toString(version));
        meta.putNull("creationTimestamp");
        if (initialEnd) {
            meta.putObject("annotations").put("k8s.io/initial-events-end", "true");
        }
        send("BOOKMARK", object);
    }

    private void send(String type, ObjectNode object) throws InterruptedException {
        var line = Json.object().put("type", type);
        line.set("object", object);
        exchange.write(line);
    }
}
