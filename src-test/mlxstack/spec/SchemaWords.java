package mlxstack.spec;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** How {@link StackYamlPage} puts what the schema says of one field. Pure. */
final class SchemaWords {

    private static final JsonNode DEFS = SchemaText.full().path("$defs");

    private SchemaWords() {}

    static String type(JsonNode schema) {
        var name = ref(schema);
        if (name != null && StackYamlPage.VALUES.contains(name)) {
            return "[" + kind(name) + "](#kinds-of-values)";
        }
        if (name != null && StackYamlPage.PARTS.containsKey(name)) {
            return "[" + kind(name) + "](#" + anchor(StackYamlPage.PARTS.get(name)) + ")";
        }
        var target = target(schema);
        if (target.has("enum")) {
            return choices(target);
        }
        var types = new ArrayList<String>();
        (target.path("type").isArray() ? target.path("type") : List.of(target.path("type")))
                .forEach(type -> types.add(simple(type.asString(""), target)));
        return String.join(" or ", types);
    }

    static String simple(String type, JsonNode schema) {
        return switch (type) {
            case "object" ->
                schema.path("additionalProperties").isObject()
                        ? "mapping of " + type(schema.path("additionalProperties"))
                        : "mapping";
            case "array" -> "list of " + type(schema.path("items"));
            case "integer" -> range(schema);
            case "number" -> "number, " + range(schema);
            case "boolean" -> "`true` or `false`";
            default -> "text";
        };
    }

    /** A limit that is there only to keep out nonsense is not told. */
    static String range(JsonNode schema) {
        long most = schema.path("maximum").asLong();
        var least = schema.path("minimum").asString();
        return most > 65_535 ? least + " or more" : least + " to " + most;
    }

    static String choices(JsonNode schema) {
        var names = new ArrayList<String>();
        schema.path("enum").forEach(value -> names.add("`" + value.asString() + "`"));
        return String.join(", ", names);
    }

    static String kind(String name) {
        return switch (name) {
            case "envValue" -> "variable's value";
            case "env" -> "environment";
            case "share" -> "quantity or percentage";
            default -> name;
        };
    }

    static String preview(JsonNode schema) {
        var target = target(schema);
        if (schema.path("x-stage").asString("").equals("preview")
                || target.path("x-stage").asString("").equals("preview")) {
            return "*Not acted on yet.* ";
        }
        var values = target.path("x-preview-values");
        return values.isEmpty()
                ? ""
                : values.valueStream().map(v -> "`" + v.asString() + "`").collect(Collectors.joining(", "))
                        + " *is not acted on yet.* ";
    }

    static String description(JsonNode schema) {
        return schema.has("description")
                ? schema.path("description").asString("")
                : target(schema).path("description").asString("");
    }

    static JsonNode target(JsonNode schema) {
        var name = ref(schema);
        return name == null ? schema : DEFS.path(name);
    }

    static @Nullable String ref(JsonNode schema) {
        var ref = schema.path("$ref").asString("");
        return ref.isEmpty() ? null : ref.substring("#/$defs/".length());
    }

    static String anchor(@Nullable String title) {
        return String.valueOf(title)
                .replaceAll("[^-A-Za-z0-9 ]", "")
                .replace(' ', '-')
                .toLowerCase(Locale.ROOT);
    }

    static String cell(String text) {
        return text.replace("|", "\\|");
    }
}
