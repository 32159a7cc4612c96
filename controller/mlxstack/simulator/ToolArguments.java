package mlxstack.simulator;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Makes a value that a JSON Schema accepts: the first allowed one, else the plainest of its type. Stateless. */
final class ToolArguments {

    private static final int DEEPEST = 8;

    private ToolArguments() {}

    /** @param schema of the function's parameters
     * @return the arguments as JSON text, as a chat completion carries them */
    static String of(Body schema) {
        return JsonText.of(object(schema, 0));
    }

    private static Map<String, @Nullable Object> object(Body schema, int depth) {
        var value = new LinkedHashMap<String, @Nullable Object>();
        Body properties = schema.part("properties");
        List<?> required = schema.get("required") instanceof List<?> list
                ? list
                : List.copyOf(properties.members().keySet());
        for (Object name : required) {
            if (name instanceof String text && depth < DEEPEST) {
                value.put(text, value(text, properties.part(text), depth + 1));
            }
        }
        return value;
    }

    private static @Nullable Object value(String name, Body schema, int depth) {
        if (schema.members().containsKey("const")) {
            return schema.get("const");
        }
        if (schema.get("enum") instanceof List<?> allowed && !allowed.isEmpty()) {
            return allowed.getFirst();
        }
        if (schema.members().containsKey("default")) {
            return schema.get("default");
        }
        Object type =
                schema.get("type") instanceof List<?> types && !types.isEmpty() ? types.getFirst() : schema.get("type");
        return switch (String.valueOf(type)) {
            case "integer", "number" -> schema.get("minimum") instanceof Double minimum ? minimum : (Object) 1;
            case "boolean" -> true;
            case "array" -> List.of();
            case "object" -> object(schema, depth);
            default -> "simulated " + name;
        };
    }
}
