package mlxstack.api;

import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/** Objects as {@code meta.k8s.io/v1} tables, the form in which {@code kubectl get} asks for them. */
final class TableJson {

    private TableJson() {}

    /** How much of an object goes with its row. */
    enum Include {
        NONE,
        METADATA,
        OBJECT;

        static Include of(String text) {
            return switch (text) {
                case "None" -> NONE;
                case "Object" -> OBJECT;
                default -> METADATA;
            };
        }
    }

    static boolean wanted(String accept) {
        return accept.contains("as=Table");
    }

    /** @param headings whether the columns are described; the later tables of a watch need not */
    static ObjectNode of(
            Kind kind,
            List<Changes.Versioned> items,
            long version,
            boolean headings,
            Include include,
            Columns.Sight sight) {
        var table = Json.object();
        table.put("kind", "Table").put("apiVersion", "meta.k8s.io/v1");
        table.putObject("metadata").put("resourceVersion", Long.toString(version));
        var columns = table.putArray("columnDefinitions");
        if (headings) {
            for (var column : Columns.of(kind)) {
                columns.addObject()
                        .put("name", column.name())
                        .put("type", "string")
                        .put("format", column.name().equals("Name") ? "name" : "")
                        .put("description", column.description())
                        .put("priority", column.wide() ? 1 : 0);
            }
        }
        var rows = table.putArray("rows");
        for (var item : items) {
            var row = rows.addObject();
            var cells = row.putArray("cells");
            Columns.of(kind).forEach(c -> cells.add(c.cell().apply(item.item(), sight)));
            switch (include) {
                case NONE -> {}
                case OBJECT -> row.set("object", ObjectJson.json(item.item(), item.version(), null));
                case METADATA -> {
                    var object = row.putObject("object");
                    object.put("kind", "PartialObjectMetadata").put("apiVersion", "meta.k8s.io/v1");
                    object.set("metadata", Meta.of(item.item(), item.version()));
                }
            }
        }
        return table;
    }
}
