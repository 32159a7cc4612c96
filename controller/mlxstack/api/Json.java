package mlxstack.api;

import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Short ways to write JSON trees. */
final class Json {

    private Json() {}

    static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    static ArrayNode array(Iterable<String> texts) {
        var array = JsonNodeFactory.instance.arrayNode();
        texts.forEach(array::add);
        return array;
    }

    /** An array of numbers. */
    static ArrayNode numbers(Iterable<Integer> numbers) {
        var array = JsonNodeFactory.instance.arrayNode();
        numbers.forEach(array::add);
        return array;
    }

    /** Keys in alphabetical order, so that equal maps make equal bytes. */
    static ObjectNode map(Map<String, String> map) {
        var object = object();
        map.entrySet().stream().sorted(Map.Entry.comparingByKey()).forEach(e -> object.put(e.getKey(), e.getValue()));
        return object;
    }

    /** Of texts, numbers, booleans, lists and maps; keys in their order. */
    static JsonNode tree(Object value) {
        var make = JsonNodeFactory.instance;
        return switch (value) {
            case Map<?, ?> map -> {
                var object = object();
                map.forEach((key, part) -> object.set(key.toString(), tree(part)));
                yield object;
            }
            case List<?> list -> {
                var array = make.arrayNode();
                list.forEach(part -> array.add(tree(part)));
                yield array;
            }
            case Boolean flag -> make.booleanNode(flag);
            case Integer number -> make.numberNode(number);
            case Long number -> make.numberNode(number);
            default -> make.stringNode(value.toString());
        };
    }

    /** RFC 3339, UTC, whole seconds. */
    static String time(Instant at) {
        return DateTimeFormatter.ISO_INSTANT.format(at.truncatedTo(ChronoUnit.SECONDS));
    }

    static void putIf(ObjectNode to, String field, @Nullable String value) {
        if (value != null) {
            to.put(field, value);
        }
    }

    static void putIf(ObjectNode to, String field, @Nullable Long value) {
        if (value != null) {
            to.put(field, value);
        }
    }

    static void putIf(ObjectNode to, String field, @Nullable Integer value) {
        if (value != null) {
            to.put(field, value);
        }
    }

    static void timeIf(ObjectNode to, String field, @Nullable Instant at) {
        if (at != null) {
            to.put(field, time(at));
        }
    }
}
