package mlxstack.cli;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import mlxstack.api.Columns;
import mlxstack.api.Filter;
import mlxstack.api.ObjectJson;
import mlxstack.api.Watching;
import tools.jackson.databind.JsonNode;

/** The part of {@code get -w} after the list. Ends only when its client goes. */
final class Follower {

    private static final Duration LONG = Duration.ofHours(1);

    private final Session session;
    private final Filter filter;
    private final long from;
    private final List<String> names;
    private final boolean events;

    /** @param from the version the list showed
     * @param names only these; empty is all
     * @param events begin lines with what happened */
    Follower(Session session, Filter filter, long from, List<String> names, boolean events) {
        this.session = session;
        this.filter = filter;
        this.from = from;
        this.names = names;
        this.events = events;
    }

    private interface Printer {
        void print(Watching.Seen seen) throws InterruptedException;
    }

    /** @param printed what the list showed; later rows keep its widths */
    int table(TableText.Shape shape, List<List<String>> printed) throws InterruptedException {
        int[] widths = TableText.widths(printed);
        var columns = Columns.of(filter.kind());
        return follow(seen -> {
            var plain = TableText.row(seen.item(), columns, shape, Columns.Sight.of(session.plane()));
            var row = events ? marked(seen.type().name(), plain) : plain;
            int[] fitting = widths.length == row.size() ? widths : new int[row.size()];
            session.output().out(TableText.of(List.of(row), fitting));
        });
    }

    /** With what happened as its first column. */
    static List<String> marked(String event, List<String> row) {
        var all = new ArrayList<String>();
        all.add(event);
        all.addAll(row);
        return all;
    }

    int documents(Function<JsonNode, String> printer) throws InterruptedException {
        return follow(seen -> {
            var object = ObjectJson.json(seen.item(), seen.version(), null);
            if (events) {
                var event = tools.jackson.databind.json.JsonMapper.shared().createObjectNode();
                event.put("type", seen.type().name());
                event.set("object", object);
                object = event;
            }
            session.output().out(printer.apply(object));
        });
    }

    private int follow(Printer printer) throws InterruptedException {
        session.output().flush();
        long start = from;
        while (true) {
            try (var watching = new Watching(session.plane(), session.changes(), filter, start)) {
                while (true) {
                    var next = watching.next(LONG);
                    if (next.isLeft()) {
                        start = session.changes().list(filter).version();
                        break;
                    }
                    for (var seen : new ArrayList<>(next.get())) {
                        if (names.isEmpty() || names.contains(seen.item().name())) {
                            printer.print(seen);
                        }
                    }
                    session.output().flush();
                }
            }
        }
    }
}
