package mlxstack.api;

import io.vavr.control.Either;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reading objects: one, all, or all as they change. Holds nothing that changes; called from many threads. */
final class ObjectRoutes {

    private final ControlPlane plane;
    private final Changes changes;

    ObjectRoutes(ControlPlane plane, Changes changes) {
        this.plane = plane;
        this.changes = changes;
    }

    /**
     * @param namespace of the path; null when there is none. Ignored for our own kinds, which have none
     * @param name null for the whole collection
     */
    void serve(Exchange exchange, Kind kind, @Nullable String namespace, @Nullable String name)
            throws InterruptedException {
        if (!exchange.method().equals("GET")) {
            Refusal.method(exchange.method()).answer(exchange);
            return;
        }
        var filter = filter(exchange, kind, name);
        if (filter.isLeft()) {
            Refusal.badRequest(filter.getLeft()).answer(exchange);
        } else if (exchange.flag("watch")) {
            new WatchAnswer(exchange, plane, changes, filter.get()).serve();
        } else if (name != null) {
            one(exchange, filter.get(), name);
        } else {
            boolean elsewhere = kind == Kind.EVENT && namespace != null && !namespace.equals(Meta.NAMESPACE);
            list(exchange, filter.get(), elsewhere);
        }
    }

    private static Either<String, Filter> filter(Exchange exchange, Kind kind, @Nullable String name) {
        return LabelSelector.parse(exchange.query("labelSelector"))
                .flatMap(labels -> FieldSelector.parse(exchange.query("fieldSelector"), kind)
                        .map(fields -> name == null
                                ? new Filter(kind, labels, fields)
                                : new Filter(
                                        kind, labels, Filter.named(kind, name).fields())));
    }

    private void one(Exchange exchange, Filter filter, String name) {
        var items = changes.list(filter).items();
        if (items.isEmpty()) {
            Refusal.notFound(filter.kind().qualified(), name).answer(exchange);
        } else if (TableJson.wanted(exchange.header("Accept"))) {
            exchange.answer(
                    200, table(exchange, filter.kind(), items, items.getFirst().version()));
        } else {
            var item = items.getFirst();
            exchange.answer(200, ObjectJson.json(item.item(), item.version(), memory(item.item())));
        }
    }

    private void list(Exchange exchange, Filter filter, boolean none) {
        var listing = changes.list(filter);
        List<Changes.Versioned> items = none ? List.of() : listing.items();
        if (TableJson.wanted(exchange.header("Accept"))) {
            exchange.answer(200, table(exchange, filter.kind(), items, listing.version()));
            return;
        }
        var list = Json.object();
        list.put("kind", filter.kind().title() + "List")
                .put("apiVersion", filter.kind().apiVersion());
        list.putObject("metadata").put("resourceVersion", Long.toString(listing.version()));
        var array = list.putArray("items");
        items.forEach(i -> array.add(ObjectJson.json(i.item(), i.version(), memory(i.item()))));
        exchange.answer(200, list);
    }

    private tools.jackson.databind.node.ObjectNode table(
            Exchange exchange, Kind kind, List<Changes.Versioned> items, long version) {
        var include = TableJson.Include.of(exchange.query("includeObject"));
        return TableJson.of(kind, items, version, true, include, Columns.Sight.of(plane));
    }

    private @Nullable Long memory(Item item) {
        return item.kind() == Kind.PROCESS ? plane.memoryOf(item.name()) : null;
    }
}
