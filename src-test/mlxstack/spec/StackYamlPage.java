package mlxstack.spec;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import mlxstack.spec.WorkloadDiff.Harm;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Writes {@code docs/stack-yaml.md}: an introduction written by hand, then a table for each part of the schema. What a
 * change of a field does is asked of the code that decides it. Confined to one thread.
 */
final class StackYamlPage {

    private static final JsonNode SCHEMA = SchemaText.full();
    private static final JsonNode DEFS = SCHEMA.path("$defs");

    /** Parts with a table of their own, in the order of the page; other mappings are written out where they are used. */
    static final Map<String, String> PARTS = new LinkedHashMap<>();

    /** Values that are no mapping of fields, explained once. */
    static final List<String> VALUES = List.of(
            "name",
            "duration",
            "quantity",
            "share",
            "port",
            "signal",
            "labels",
            "command",
            "env",
            "envValue",
            "secret");

    static {
        PARTS.put("endpoint", "spec.endpoints[]");
        PARTS.put("process", "spec.processes[]");
        PARTS.put("probes", "probes");
        PARTS.put("probe", "probe");
        PARTS.put("restart", "restart");
        PARTS.put("flapping", "flapping");
        PARTS.put("logs", "logs");
        PARTS.put("rollout", "rollout");
        PARTS.put("defaults", "spec.defaults");
        PARTS.put("gateway", "spec.gateway");
        PARTS.put("key", "spec.gateway.keys[]");
        PARTS.put("route", "spec.gateway.routes[]");
        PARTS.put("provider", "spec.providers[]");
        PARTS.put("budget", "budget");
    }

    private final StringBuilder out = new StringBuilder();
    private final Set<String> written = new LinkedHashSet<>();

    private StackYamlPage() {}

    static String text() {
        var page = new StackYamlPage();
        page.out.append(introduction());
        page.whole();
        page.workloads();
        for (var part : List.of("probes", "probe", "restart", "flapping", "logs", "rollout")) {
            page.part(part, StackYamlPage::ofWorkloads);
        }
        page.defaults();
        for (var part : List.of("gateway", "key", "route", "provider", "budget")) {
            page.part(part, _ -> null);
        }
        page.values();
        return page.out.toString();
    }

    /** Every definition of the schema that the page explains, for a test that none is forgotten. */
    static Set<String> explained() {
        var page = new StackYamlPage();
        page.whole();
        page.workloads();
        PARTS.keySet().forEach(part -> page.part(part, _ -> null));
        page.values();
        return page.written;
    }

    private static String introduction() {
        try (var in = StackYamlPage.class.getResourceAsStream("stack-yaml.intro.md")) {
            if (in == null) {
                throw new AssertionError("stack-yaml.intro.md is missing");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private void whole() {
        heading("The whole file", "");
        table(rows("", SCHEMA, _ -> true), null);
    }

    /** What endpoints and processes have alike stands in one table. */
    private void workloads() {
        var endpoint = DEFS.path("endpoint").path("properties");
        var process = DEFS.path("process").path("properties");
        var common = endpoint.propertyStream()
                .filter(field -> field.getValue().equals(process.path(field.getKey())))
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());
        for (var part : List.of("endpoint", "process")) {
            heading(PARTS.get(part), SchemaWords.description(DEFS.path(part)));
            written.add(part);
            table(rows("", DEFS.path(part), name -> !common.contains(name)), StackYamlPage::change);
        }
        heading("Fields of endpoints and processes alike", "");
        table(rows("", DEFS.path("endpoint"), common::contains), StackYamlPage::change);
    }

    private void defaults() {
        part("defaults", _ -> null);
        out.append("\nA change does to each process what a change of the field itself does.\n");
    }

    private void part(String name, Function<String, @Nullable String> note) {
        var def = DEFS.path(name);
        written.add(name);
        heading(PARTS.get(name), SchemaWords.preview(def) + SchemaWords.description(def));
        table(rows("", def, _ -> true), null);
        var more = note.apply(name);
        if (more != null) {
            out.append('\n').append(more).append('\n');
        }
    }

    /** A part is a field of workloads by its own name; a probe is one of its probes. */
    private static String ofWorkloads(String part) {
        return "A change: " + change(part.equals("probe") ? "probes" : part) + ".";
    }

    /** @param path of a field of a workload */
    static String change(String path) {
        if (path.equals("name")) {
            return "another one: the old stops, the new starts";
        }
        if (path.equals("concurrency")) {
            return "**restart**; at once with engine `command` or `simulator`";
        }
        var harm = WorkloadDiff.harm(path, false);
        return harm == WorkloadDiff.harm(path, true) ? words(harm) : words(harm) + "; with `reload`: reload";
    }

    private static String words(Harm harm) {
        return switch (harm) {
            case NONE, METADATA -> "nothing";
            case POLICY -> "at once";
            case RELOAD -> "reload";
            case RESTART -> "**restart**";
        };
    }

    private void values() {
        heading("Kinds of values", "");
        out.append("| kind | written as | meaning |\n|---|---|---|\n");
        for (var name : VALUES) {
            written.add(name);
            var def = DEFS.path(name);
            out.append("| %s | %s | %s |\n"
                    .formatted(
                            SchemaWords.kind(name),
                            SchemaWords.cell(form(def)),
                            SchemaWords.cell(SchemaWords.description(def))));
        }
    }

    private static String form(JsonNode def) {
        if (def.has("x-expect")) {
            return def.path("x-expect").asString("");
        }
        if (def.has("enum")) {
            return SchemaWords.choices(def);
        }
        var each = def.path("additionalProperties");
        return each.isObject() ? "a mapping of " + SchemaWords.type(each) : SchemaWords.type(def);
    }

    /** @param path within the part */
    private record Row(String path, JsonNode schema, boolean required) {}

    private List<Row> rows(String prefix, JsonNode owner, java.util.function.Predicate<String> wanted) {
        var rows = new ArrayList<Row>();
        var required = new LinkedHashSet<String>();
        owner.path("required").forEach(name -> required.add(name.asString()));
        for (var field : owner.path("properties").properties()) {
            var name = field.getKey();
            if (!wanted.test(name)) {
                continue;
            }
            var path = prefix + name;
            var inner = inner(field.getValue());
            boolean list = inner != null
                    && SchemaWords.target(field.getValue())
                            .path("type")
                            .asString("")
                            .equals("array");
            if (inner == null
                    || list
                    || !SchemaWords.description(field.getValue()).isEmpty()) {
                rows.add(new Row(path, field.getValue(), required.contains(name)));
            }
            if (inner != null) {
                rows.addAll(rows(path + (list ? "[]." : "."), inner, _ -> true));
            }
            var each = SchemaWords.target(field.getValue()).path("additionalProperties");
            if (each.has("properties")) {
                rows.addAll(rows(path + ".NAME.", each, _ -> true));
            }
        }
        return rows;
    }

    /** The mapping whose fields are written out below this one; null where there is none, or it has its own table. */
    private @Nullable JsonNode inner(JsonNode schema) {
        var name = SchemaWords.ref(schema);
        if (name != null && (PARTS.containsKey(name) || VALUES.contains(name))) {
            return null;
        }
        if (name != null) {
            written.add(name);
        }
        var target = SchemaWords.target(schema);
        if (target.has("properties")) {
            return target;
        }
        return target.has("items") ? inner(target.path("items")) : null;
    }

    private void table(List<Row> rows, @Nullable Function<String, String> change) {
        out.append(change == null ? "| field | type | default | meaning |\n|---|---|---|---|\n" : """
                | field | type | default | a change | meaning |
                |---|---|---|---|---|
                """);
        for (var row : rows) {
            out.append("| `%s` | %s | %s |"
                    .formatted(row.path(), SchemaWords.cell(SchemaWords.type(row.schema())), fallback(row)));
            if (change != null) {
                out.append(' ').append(change.apply(row.path())).append(" |");
            }
            out.append(' ')
                    .append(SchemaWords.cell(SchemaWords.preview(row.schema()) + SchemaWords.description(row.schema())))
                    .append(" |\n");
        }
    }

    private static String fallback(Row row) {
        if (row.required()) {
            return "**required**";
        }
        var value = row.schema().has("default")
                ? row.schema().path("default")
                : SchemaWords.target(row.schema()).path("default");
        if (value.isMissingNode()) {
            return "";
        }
        return "`" + (value.isString() ? value.asString() : value.toString().replace(",", ", ")) + "`";
    }

    private void heading(@Nullable String title, String text) {
        out.append("\n## ").append(title).append("\n\n");
        if (!text.isEmpty()) {
            out.append(text).append("\n\n");
        }
    }
}
