package mlxstack.cli;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import mlxstack.api.Columns;
import mlxstack.api.FieldSelector;
import mlxstack.api.Filter;
import mlxstack.api.Item;
import mlxstack.api.Kind;
import mlxstack.api.LabelSelector;
import mlxstack.api.ObjectJson;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

@Command(
        name = "get",
        header = "Show what there is, one line each",
        description = {
            "Without arguments shows all processes: endpoints, helpers and the gateway.",
            "Kinds: stacks, endpoints (mep), processes (proc), providers (prov), nodes (no), events (ev),",
            "and 'all'."
        },
        footer = {
            "# All processes",
            "mlxstackctl get",
            "# One process with everything a table can show",
            "mlxstackctl get primary -o wide",
            "# Follow the endpoints as they change",
            "mlxstackctl get endpoints -w",
            "# The pid of one process",
            "mlxstackctl get primary -o jsonpath='{.status.pid}'"
        })
final class GetVerb implements Action {

    @Parameters(paramLabel = "KIND|NAME", arity = "0..*")
    List<String> words = List.of();

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORMAT",
            description = "wide, json, yaml, name or jsonpath=TEMPLATE")
    String output = "";

    @Option(
            names = {"-w", "--watch"},
            description = "After listing, go on with every change")
    boolean watch;

    @Option(names = "--watch-only", description = "Only the changes, without listing first")
    boolean watchOnly;

    @Option(names = "--output-watch-events", description = "With -w, say whether a line is ADDED, MODIFIED or DELETED")
    boolean watchEvents;

    @Option(
            names = {"-l", "--selector"},
            paramLabel = "LABELS",
            description = "Only objects with these labels: a=b, a!=b, a, !a, a in (b,c), a notin (b,c)")
    String selector = "";

    @Option(names = "--field-selector", paramLabel = "FIELDS", description = "Only objects with these fields")
    String fields = "";

    @Option(names = "--no-headers", description = "Leave out the line of headings")
    boolean noHeaders;

    @Option(names = "--show-labels", description = "Add a column with all labels")
    boolean showLabels;

    @Option(names = "--sort-by", paramLabel = "JSONPATH", description = "Sort by this field, as in .status.restarts")
    String sortBy = "";

    @Option(names = "--ignore-not-found", description = "Say nothing about names that do not exist, and exit with 0")
    boolean ignoreNotFound;

    @Option(
            names = {"-n", "--namespace", "-A", "--all-namespaces"},
            arity = "0..1",
            hidden = true)
    @Nullable
    String namespace;

    /** What was asked of one kind, and what there is of it.
     * @param names empty is all */
    private record Part(Filter filter, long version, List<String> names, List<Item> items) {
        Kind kind() {
            return filter.kind();
        }
    }

    @Override
    public int run(Session session) throws InterruptedException {
        var parsed = Target.parse(words);
        if (parsed.isLeft()) {
            return session.fail(parsed.getLeft());
        }
        var labels = LabelSelector.parse(selector);
        if (labels.isLeft()) {
            return session.fail(labels.getLeft());
        }
        var byKind = new LinkedHashMap<Kind, List<String>>();
        for (Target target : parsed.get()) {
            var names = byKind.computeIfAbsent(target.kind(), _ -> new ArrayList<>());
            if (target.name() != null) {
                names.add(target.name());
            }
        }
        if ((watch || watchOnly) && byKind.size() > 1) {
            return session.fail("you may only specify a single resource type with --watch");
        }
        int code = 0;
        var parts = new ArrayList<Part>();
        for (var entry : byKind.entrySet()) {
            Kind kind = entry.getKey();
            var selected = FieldSelector.parse(fields, kind);
            if (selected.isLeft()) {
                return session.refuse("BadRequest", selected.getLeft());
            }
            var filter = new Filter(kind, labels.get(), selected.get());
            // Before the look, so that a watch from here misses nothing.
            long version = session.changes().list(filter).version();
            var all = session.items(kind);
            for (String name : entry.getValue()) {
                if (all.stream().noneMatch(i -> i.name().equals(name)) && !ignoreNotFound) {
                    code = session.notFound(kind, name, all.stream().map(Item::name));
                }
            }
            parts.add(new Part(filter, version, entry.getValue(), wanted(all, filter, entry.getValue())));
        }
        return switch (output) {
            case "", "wide" -> tables(session, parts, code);
            case "name" -> names(session, parts, code);
            default -> documents(session, parts, code);
        };
    }

    private List<Item> wanted(List<? extends Item> all, Filter filter, List<String> names) {
        var items = new ArrayList<Item>();
        for (Item item : all) {
            if ((names.isEmpty() || names.contains(item.name())) && filter.matches(item)) {
                items.add(item);
            }
        }
        return items;
    }

    private int tables(Session session, List<Part> parts, int code) throws InterruptedException {
        var sight = Columns.Sight.of(session.plane());
        boolean first = true;
        boolean named = false;
        for (Part part : parts) {
            named |= !part.names().isEmpty();
            String prefix = parts.size() > 1 ? part.kind().singular() + "/" : "";
            var shape = new TableText.Shape(output.equals("wide"), showLabels, prefix);
            var columns = Columns.of(part.kind());
            var rows = new ArrayList<List<String>>();
            if (!noHeaders) {
                rows.add(marked("EVENT", TableText.headings(columns, shape)));
            }
            var items = sorted(session, part.items());
            items.forEach(item -> rows.add(marked("ADDED", TableText.row(item, columns, shape, sight))));
            if (!items.isEmpty() && !watchOnly) {
                session.output().out((first ? "" : "\n") + TableText.of(rows));
                first = false;
            }
            if (watch || watchOnly) {
                return new Follower(session, part.filter(), part.version(), part.names(), watchEvents)
                        .table(shape, rows);
            }
        }
        if (first && code == 0 && !named) {
            session.output().err("No resources found");
        }
        return code;
    }

    private List<String> marked(String event, List<String> row) {
        return watchEvents && (watch || watchOnly) ? Follower.marked(event, row) : row;
    }

    private static int names(Session session, List<Part> parts, int code) throws InterruptedException {
        for (Part part : parts) {
            Kind kind = part.kind();
            String type = kind.group().isEmpty() ? kind.singular() : kind.singular() + "." + kind.group();
            for (Item item : part.items()) {
                session.line(type + "/" + item.name());
            }
        }
        return code;
    }

    private int documents(Session session, List<Part> parts, int code) throws InterruptedException {
        var printer = Printers.of(output);
        if (printer.isLeft()) {
            return session.fail(printer.getLeft());
        }
        var objects = new ArrayList<ObjectNode>();
        for (Part part : parts) {
            var versions = new HashMap<String, Long>();
            session.changes()
                    .list(part.filter())
                    .items()
                    .forEach(v -> versions.put(v.item().name(), v.version()));
            for (Item item : sorted(session, part.items())) {
                objects.add(ObjectJson.json(
                        item,
                        versions.getOrDefault(item.name(), 0L),
                        session.plane().memoryOf(item.name())));
            }
        }
        boolean named = parts.stream().anyMatch(p -> !p.names().isEmpty());
        if (!(objects.isEmpty() && named) && !watchOnly) {
            JsonNode document = named && objects.size() == 1 ? objects.getFirst() : Printers.list(objects);
            session.output().out(printer.get().apply(document));
        }
        if (watch || watchOnly) {
            Part part = parts.getFirst();
            return new Follower(session, part.filter(), part.version(), part.names(), watchEvents)
                    .documents(printer.get());
        }
        return code;
    }

    private List<Item> sorted(Session session, List<Item> items) {
        if (sortBy.isEmpty()) {
            return items;
        }
        var path = JsonPath.parse(sortBy);
        if (path.isLeft()) {
            session.output().err("warning: " + path.getLeft());
            return items;
        }
        return items.stream()
                .sorted(Comparator.comparing(i -> SortKey.of(path.get().values(ObjectJson.json(i, 0, null)))))
                .toList();
    }
}
