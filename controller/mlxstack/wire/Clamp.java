package mlxstack.wire;

import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.node.ObjectNode;

/** Limits of a request brought into what its backend has, without touching another byte of it. Stateless. */
public final class Clamp {

    private static final List<String> LIMITS = List.of("max_tokens", "max_completion_tokens", "max_output_tokens");
    private static final String USAGE = "\"include_usage\":true";

    private Clamp() {}

    /**
     * The longest answer that is asked for.
     *
     * @param allowed what the backend's window leaves for the answer, at least 1
     * @param otherwise what is asked for when the client does not say; 0 leaves that to the backend
     * @param field the name to ask for it by then
     */
    public static void answer(JsonFields fields, int allowed, int otherwise, String field, Splices splices) {
        boolean said = false;
        for (var limit : fields.all()) {
            if (!LIMITS.contains(limit.name()) || limit.token() == JsonToken.VALUE_NULL) {
                continue;
            }
            said = true;
            if (isNumber(limit) && exceeds(fields.source(limit), allowed)) {
                splices.put(limit.start(), limit.end(), Integer.toString(allowed));
            }
        }
        var absent = fields.find(field);
        if (!said && otherwise > 0) {
            String value = Integer.toString(Math.min(otherwise, allowed));
            if (absent == null) {
                first(fields, "\"" + field + "\":" + value, splices);
            } else {
                splices.put(absent.start(), absent.end(), value);
            }
        }
    }

    /**
     * Has a stream's backend report its tokens.
     *
     * @return whether the client did not ask for that, so that {@link UsageChunk} has to keep them from it
     */
    public static boolean usage(JsonFields fields, Splices splices) {
        if (!fields.isTrue("stream")) {
            return false;
        }
        var options = fields.find("stream_options");
        if (options == null) {
            first(fields, "\"stream_options\":{" + USAGE + "}", splices);
            return true;
        }
        if (options.token() != JsonToken.START_OBJECT) {
            splices.put(options.start(), options.end(), "{" + USAGE + "}");
            return true;
        }
        return inside(options, fields.source(options), splices);
    }

    private static boolean inside(JsonFields.Field options, String source, Splices splices) {
        var node = Json.parsed(source);
        if (node == null || node.path("include_usage").asBoolean(false)) {
            return false;
        }
        if (node.has("include_usage")) {
            var changed = (ObjectNode) node;
            splices.put(options.start(), options.end(), Json.text(changed.put("include_usage", true)));
        } else {
            splices.put(options.start() + 1, options.start() + 1, USAGE + (node.isEmpty() ? "" : ","));
        }
        return true;
    }

    /** There is a field: a request without any names no model. */
    private static void first(JsonFields fields, String field, Splices splices) {
        int at = fields.firstName();
        splices.put(at, at, field + ",");
    }

    private static boolean isNumber(JsonFields.@Nullable Field field) {
        return field != null
                && (field.token() == JsonToken.VALUE_NUMBER_INT || field.token() == JsonToken.VALUE_NUMBER_FLOAT);
    }

    private static boolean exceeds(String number, int allowed) {
        return Double.parseDouble(number) > allowed;
    }
}
