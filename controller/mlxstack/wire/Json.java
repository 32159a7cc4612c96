package mlxstack.wire;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * JSON trees, read and written without data binding: an object mapper is never made. Numbers keep every digit, keys their
 * order.
 */
public final class Json {

    /** Images make strings of megabytes. */
    private static final JsonFactory FACTORY = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxStringLength(Integer.MAX_VALUE)
                    .build())
            .build();

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private Json() {}

    public static ObjectNode object() {
        return NODES.objectNode();
    }

    public static ArrayNode array() {
        return NODES.arrayNode();
    }

    public static JsonNode string(String text) {
        return NODES.stringNode(text);
    }

    /** The body of a client's request.
     *
     * @throws BadRequest 400 when it is not one JSON object */
    public static ObjectNode request(byte[] body, int length) throws BadRequest {
        try {
            if (read(body, length) instanceof ObjectNode object) {
                return object;
            }
        } catch (JacksonException e) {
            var at = e.getLocation();
            String where = at == null ? "" : ", line %d column %d".formatted(at.getLineNr(), at.getColumnNr());
            throw bad("the request body is not JSON: " + e.getOriginalMessage() + where);
        }
        throw bad("found no JSON object in the request body; expected {\"model\": …}");
    }

    private static BadRequest bad(String message) {
        return new BadRequest(ApiError.invalid(400, null, null, message));
    }

    /** The whole body of a backend's answer. */
    public static ObjectNode answer(byte[] body) throws BadAnswer {
        return read(body, body.length, "a body");
    }

    /** The data of one frame. */
    public static ObjectNode data(Frame frame) throws BadAnswer {
        byte[] bytes = frame.data().getBytes(StandardCharsets.UTF_8);
        return read(bytes, bytes.length, "a frame");
    }

    private static ObjectNode read(byte[] bytes, int length, String what) throws BadAnswer {
        try {
            if (read(bytes, length) instanceof ObjectNode object) {
                return object;
            }
        } catch (JacksonException e) {
            throw new BadAnswer("the endpoint sent %s that is not JSON: %s".formatted(what, e.getOriginalMessage()));
        }
        throw new BadAnswer("the endpoint sent %s that is not a JSON object".formatted(what));
    }

    /** Null when it is not one JSON value. */
    public static @Nullable JsonNode parsed(String text) {
        try {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            return read(bytes, bytes.length);
        } catch (JacksonException _) {
            return null;
        }
    }

    /** @throws JacksonException when it is not one JSON value */
    public static JsonNode read(byte[] bytes, int length) {
        try (var in = parser(bytes, length)) {
            var first = in.nextToken();
            if (first == null) {
                return NODES.missingNode();
            }
            var node = value(in, first);
            return in.nextToken() == null ? node : NODES.missingNode();
        }
    }

    static JsonParser parser(byte[] bytes, int length) {
        return FACTORY.createParser(ObjectReadContext.empty(), bytes, 0, length);
    }

    /** The value that begins with {@code token}; the parser is left at its last token. */
    static JsonNode value(JsonParser in, JsonToken token) {
        return switch (token) {
            case START_OBJECT -> {
                var object = NODES.objectNode();
                while (in.nextToken() == JsonToken.PROPERTY_NAME) {
                    String name = in.currentName();
                    object.set(name, value(in, in.nextToken()));
                }
                yield object;
            }
            case START_ARRAY -> {
                var array = NODES.arrayNode();
                for (var next = in.nextToken(); next != JsonToken.END_ARRAY; next = in.nextToken()) {
                    array.add(value(in, next));
                }
                yield array;
            }
            case VALUE_STRING -> NODES.stringNode(in.getString());
            case VALUE_NUMBER_INT ->
                switch (in.getNumberType()) {
                    case INT -> NODES.numberNode(in.getIntValue());
                    case LONG -> NODES.numberNode(in.getLongValue());
                    case BIG_INTEGER, FLOAT, DOUBLE, BIG_DECIMAL -> NODES.numberNode(in.getBigIntegerValue());
                };
            case VALUE_NUMBER_FLOAT -> NODES.numberNode(in.getDecimalValue());
            case VALUE_TRUE -> NODES.booleanNode(true);
            case VALUE_FALSE -> NODES.booleanNode(false);
            case VALUE_NULL -> NODES.nullNode();
            case NOT_AVAILABLE, END_OBJECT, END_ARRAY, PROPERTY_NAME, VALUE_EMBEDDED_OBJECT -> NODES.missingNode();
        };
    }

    /** UTF-8, on one line. */
    public static byte[] bytes(JsonNode node) {
        var out = new ByteArrayOutputStream(512);
        write(node, out);
        return out.toByteArray();
    }

    public static String text(JsonNode node) {
        return new String(bytes(node), StandardCharsets.UTF_8);
    }

    /** Closes {@code out}, which means nothing where it is memory. */
    static void write(JsonNode node, OutputStream out) {
        try (var generator = FACTORY.createGenerator(ObjectWriteContext.empty(), out)) {
            write(node, generator);
        }
    }

    private static void write(JsonNode node, JsonGenerator out) {
        switch (node.getNodeType()) {
            case OBJECT -> {
                out.writeStartObject();
                node.forEachEntry((name, value) -> {
                    out.writeName(name);
                    write(value, out);
                });
                out.writeEndObject();
            }
            case ARRAY -> {
                out.writeStartArray();
                node.forEach(item -> write(item, out));
                out.writeEndArray();
            }
            case STRING -> out.writeString(node.stringValue());
            case NUMBER -> {
                switch (node.numberType()) {
                    case INT -> out.writeNumber(node.intValue());
                    case LONG -> out.writeNumber(node.longValue());
                    case BIG_INTEGER -> out.writeNumber(node.bigIntegerValue());
                    case FLOAT, DOUBLE -> out.writeNumber(node.doubleValue());
                    case BIG_DECIMAL -> out.writeNumber(node.decimalValue());
                }
            }
            case BOOLEAN -> out.writeBoolean(node.booleanValue());
            case NULL, MISSING, BINARY, POJO -> out.writeNull();
        }
    }

    /** Null when the field is not a string. */
    public static @Nullable String text(JsonNode node, String field) {
        var value = node.get(field);
        return value != null && value.isString() ? value.stringValue() : null;
    }

    public static String text(JsonNode node, String field, String otherwise) {
        String text = text(node, field);
        return text == null ? otherwise : text;
    }

    /** Null when the field is not an object. */
    public static @Nullable ObjectNode object(JsonNode node, String field) {
        return node.get(field) instanceof ObjectNode object ? object : null;
    }

    /** Nothing when the field is not a list. */
    public static Iterable<JsonNode> items(JsonNode node, String field) {
        return node.get(field) instanceof ArrayNode array ? array : List.of();
    }

    public static long number(JsonNode node, String field, long otherwise) {
        var value = node.get(field);
        return value != null && value.isNumber() ? value.asLong(otherwise) : otherwise;
    }

    public static boolean flag(JsonNode node, String field) {
        var value = node.get(field);
        return value != null && value.isBoolean() && value.booleanValue();
    }

    /** Whether it is there and not null. */
    public static boolean has(JsonNode node, String field) {
        return node.hasNonNull(field);
    }
}
