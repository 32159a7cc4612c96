package mlxstack.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import mlxstack.api.Columns;
import mlxstack.api.FieldSelector;
import mlxstack.api.Filter;
import mlxstack.api.Item;
import mlxstack.api.Items;
import mlxstack.api.Kind;
import mlxstack.api.LabelSelector;
import mlxstack.api.ObjectJson;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "events",
        header = "Show what happened, oldest first",
        footer = {
            "mlxstackctl events",
            "mlxstackctl events --for process/primary",
            "mlxstackctl events --types=Warning -w"
        })
final class EventsVerb implements Action {

    @Option(names = "--for", paramLabel = "KIND/NAME", description = "Only events about this")
    String about = "";

    @Option(names = "--types", paramLabel = "TYPES", split = ",", description = "Only Normal or only Warning")
    List<String> types = List.of();

    @Option(
            names = {"-w", "--watch"},
            description = "After listing, go on with every new one")
    boolean watch;

    @Option(names = "--no-headers", description = "Leave out the line of headings")
    boolean noHeaders;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORMAT",
            description = "wide, json, yaml or jsonpath=TEMPLATE")
    String output = "";

    @Override
    public int run(Session session) throws InterruptedException {
        var terms = new ArrayList<FieldSelector.Term>();
        if (!about.isEmpty()) {
            int slash = about.indexOf('/');
            Kind kind = slash < 0 ? Kind.PROCESS : Kind.ofWord(about.substring(0, slash));
            if (kind == null) {
                return session.fail(Target.unknownKind(about.substring(0, slash)));
            }
            terms.add(new FieldSelector.Term("involvedObject.name", true, about.substring(slash + 1)));
            if (kind == Kind.STACK) {
                terms.add(new FieldSelector.Term("involvedObject.kind", true, kind.title()));
            }
        }
        var wanted = types.stream().map(t -> t.toLowerCase(Locale.ROOT)).toList();
        for (String type : wanted) {
            if (!type.equals("normal") && !type.equals("warning")) {
                return session.fail("valid --types are: Normal, Warning; found \"" + type + "\"");
            }
        }
        if (wanted.size() == 1) {
            terms.add(new FieldSelector.Term("type", true, wanted.getFirst().equals("normal") ? "Normal" : "Warning"));
        }
        var filter = new Filter(Kind.EVENT, LabelSelector.ALL, new FieldSelector(terms));
        // Before the look, so that a watch from here misses nothing.
        long version = session.changes().list(filter).version();
        var events = Items.events(session.state(), session.plane().events()).stream()
                .filter(filter::matches)
                .toList();
        return output.isEmpty() || output.equals("wide")
                ? table(session, filter, version, events)
                : documents(session, filter, version, events);
    }

    private int table(Session session, Filter filter, long version, List<Item.Happening> events)
            throws InterruptedException {
        var shape = new TableText.Shape(output.equals("wide"), false, "");
        var columns = Columns.of(Kind.EVENT);
        var sight = Columns.Sight.of(session.plane());
        var rows = new ArrayList<List<String>>();
        if (!noHeaders) {
            rows.add(TableText.headings(columns, shape));
        }
        events.forEach(e -> rows.add(TableText.row(e, columns, shape, sight)));
        if (!events.isEmpty()) {
            session.output().out(TableText.of(rows));
        } else if (!watch) {
            session.output().err("No events found");
        }
        return watch ? new Follower(session, filter, version, List.of(), false).table(shape, rows) : 0;
    }

    private int documents(Session session, Filter filter, long version, List<Item.Happening> events)
            throws InterruptedException {
        var printer = Printers.of(output);
        if (printer.isLeft()) {
            return session.fail(printer.getLeft());
        }
        var objects = events.stream().map(e -> ObjectJson.json(e, 0, null)).toList();
        session.output().out(printer.get().apply(Printers.list(objects)));
        return watch ? new Follower(session, filter, version, List.of(), false).documents(printer.get()) : 0;
    }
}
