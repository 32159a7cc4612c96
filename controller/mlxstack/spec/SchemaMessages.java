package mlxstack.spec;

import com.networknt.schema.Error;
import com.networknt.schema.path.NodePath;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The validator's errors in the words of the file: where, what was found, what was expected. What is expected comes from
 * the schema itself ({@code x-expect}, {@code enum}, {@code type}); under {@code x-secret} no value is repeated.
 */
final class SchemaMessages {

    private static final int NAMES_SHOWN = 12;
    private static final String NO_STACK =
            "this is no stack file; expected the fields apiVersion: mlxstack.dev/v1, kind:"
                    + " Stack, metadata: {name: …} and spec";

    private final Node root;
    private final JsonNode schema;
    private final Problems problems;
    private final Set<String> told;

    /** @param schema with all notes */
    SchemaMessages(Node root, JsonNode schema, Problems problems) {
        this.root = root;
        this.schema = schema;
        this.problems = problems;
        this.told = new HashSet<>(problems.paths());
    }

    void add(Error error) {
        var at = locate(error.getInstanceLocation());
        var rule = rule(error.getSchemaLocation().getFragment());
        var property = error.getProperty();
        switch (error.getKeyword()) {
            case "additionalProperties" -> unknown(at, rule, String.valueOf(property));
            case "propertyNames" -> badName(at, rule, String.valueOf(property));
            case "required" -> missing(at, rule, String.valueOf(property));
            case "dependentRequired" ->
                once(
                        at.path(),
                        () -> problems.add(at, "found only one of provider and model; expected both, or endpoint"));
            case "uniqueItems" -> repeated(at);
            default -> once(at.path(), () -> problems.add(at, wrong(at, rule)));
        }
    }

    private void unknown(Cursor at, JsonNode rule, String name) {
        var path = Cursor.child(at.path(), name);
        var key = key(at, name);
        once(path, () -> {
            if (rule.path("x-secret").asBoolean(false)) {
                problems.add(key.line(), key.column(), at.path(), "found another field; expected " + expected(rule));
                return;
            }
            var known = List.copyOf(rule.path("properties").propertyNames());
            var near = meant(rule, name, known);
            var help = !near.isEmpty()
                    ? near
                    : known.size() <= NAMES_SHOWN
                            ? "; expected one of " + String.join(", ", known)
                            : "; `mlxstackctl schema` lists the fields there are";
            problems.add(key.line(), key.column(), path, "unknown field " + Found.quoted(name) + help);
        });
    }

    private void badName(Cursor at, JsonNode rule, String name) {
        var key = key(at, name);
        once(
                Cursor.child(at.path(), name) + " name",
                () -> problems.add(
                        key.line(),
                        key.column(),
                        at.path(),
                        "found the name " + Found.quoted(name) + "; expected " + expected(rule.path("propertyNames"))));
    }

    private void missing(Cursor at, JsonNode rule, String name) {
        if (told.contains(Cursor.child(at.path(), "<<"))) {
            // It may have come from there.
            return;
        }
        if (at.path().isEmpty()
                && schema.path("properties").has("apiVersion")
                && !at.field("apiVersion").present()
                && !at.field("kind").present()) {
            once("", () -> problems.add(at, NO_STACK));
            return;
        }
        once(
                Cursor.child(at.path(), name),
                () -> problems.add(
                        at,
                        "missing field " + Found.quoted(name) + "; expected "
                                + expected(rule.path("properties").path(name))));
    }

    private void repeated(Cursor at) {
        var seen = new HashSet<String>();
        for (var item : at.items()) {
            if (item.node() instanceof Node.Scalar scalar && !seen.add(scalar.text())) {
                once(
                        item.path(),
                        () -> problems.add(
                                item, "found " + Found.value(scalar, false) + " a second time; expected each once"));
            }
        }
    }

    private String wrong(Cursor at, JsonNode rule) {
        boolean secret = rule.path("x-secret").asBoolean(false);
        var node = at.node();
        var found = node == null ? "nothing" : Found.value(node, secret);
        var message = "found " + found + "; expected " + expected(rule);
        if (!secret && rule.has("enum") && node instanceof Node.Scalar scalar && scalar.type() == Node.Type.TEXT) {
            return message + meant(rule, scalar.text(), values(rule));
        }
        return message + Hints.of(node, rule, secret, at.path().endsWith("]"));
    }

    /** By what it is called elsewhere ({@code x-meant}), else by its spelling. */
    private static String meant(JsonNode rule, String name, List<String> known) {
        var elsewhere = rule.path("x-meant");
        var near = elsewhere.has(name) ? null : Suggestions.nearest(name, known);
        var other = near != null ? null : Suggestions.nearest(name, elsewhere.propertyNames());
        var best = other == null ? near : elsewhere.path(other).asString("");
        return best == null ? "" : "; did you mean " + Found.quoted(best) + "?";
    }

    private String expected(JsonNode rule) {
        var node = followed(rule);
        if (node.has("x-expect")) {
            return node.path("x-expect").asString("");
        }
        var values = values(node);
        if (values.size() == 1) {
            return Found.quoted(values.getFirst());
        }
        if (!values.isEmpty()) {
            return "one of " + String.join(", ", values);
        }
        boolean some = node.path("minLength").asInt(0) > 0;
        var types = new ArrayList<String>();
        (node.path("type").isArray() ? node.path("type") : List.of(node.path("type")))
                .forEach(type -> types.add(
                        switch (type.asString("")) {
                            case "object" -> "a mapping of fields";
                            case "array" -> node.path("minItems").asInt(0) > 0 ? "a list of at least one" : "a list";
                            case "boolean" -> "true or false";
                            case "integer" -> "a whole number";
                            case "number" -> "a number";
                            default ->
                                some
                                        ? node.has("maxLength")
                                                ? "text of 1 to %d characters"
                                                        .formatted(node.path("maxLength")
                                                                .asInt())
                                                : "text that is not empty"
                                        : "text";
                        }));
        return String.join(" or ", types);
    }

    private static List<String> values(JsonNode rule) {
        var values = new ArrayList<String>();
        rule.path("enum").forEach(value -> values.add(value.asString("")));
        return values;
    }

    private JsonNode followed(JsonNode rule) {
        var ref = rule.path("$ref").asString("");
        return ref.startsWith("#/$defs/") && !rule.has("x-expect")
                ? schema.path("$defs").path(ref.substring("#/$defs/".length()))
                : rule;
    }

    /** The schema that holds the keyword the location ends in. */
    private JsonNode rule(@Nullable NodePath fragment) {
        var rule = schema;
        for (int i = 0; fragment != null && i < fragment.getNameCount() - 1; i++) {
            rule = fragment.getElement(i) instanceof Integer index
                    ? rule.path(index)
                    : rule.path(fragment.getElement(i).toString());
        }
        return rule;
    }

    private Cursor locate(NodePath path) {
        var at = Cursor.root(root);
        for (int i = 0; i < path.getNameCount(); i++) {
            at = path.getElement(i) instanceof Integer index
                            && index < at.items().size()
                    ? at.items().get(index)
                    : at.field(path.getElement(i).toString());
        }
        return at;
    }

    private static Cursor key(Cursor at, String name) {
        var entry =
                at.node() instanceof Node.Mapping mapping ? mapping.entries().get(name) : null;
        return entry == null ? at : new Cursor(at.path(), at.node(), entry.line(), entry.column());
    }

    /** One complaint a place: the reader's, else the validator's first. */
    private void once(String path, Runnable complaint) {
        if (told.add(path)) {
            complaint.run();
        }
    }
}
