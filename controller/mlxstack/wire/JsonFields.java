package mlxstack.wire;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * The fields of a request's outermost object and where in its bytes they stand, found in one reading without a tree.
 * Immutable.
 */
public final class JsonFields {

    private static final String CLASS = "model_class";

    private final byte[] body;
    private final List<Field> fields;
    private final Roles roles;
    private final int firstName;
    private final int classStart;

    private JsonFields(byte[] body, int firstName, int classStart, List<Field> fields, Roles roles) {
        this.body = body;
        this.classStart = classStart;
        this.firstName = firstName;
        this.fields = List.copyOf(fields);
        this.roles = roles;
    }

    /**
     * Reads all of it, so that it is known to be JSON.
     *
     * @param length how many bytes of {@code body} count
     * @throws BadRequest in a client's words
     */
    public static JsonFields of(byte[] body, int length) throws BadRequest {
        try (var parser = Json.parser(body, length)) {
            return read(parser, body, length);
        } catch (JacksonException e) {
            var at = e.getLocation();
            String where = at == null ? "" : ", line %d column %d".formatted(at.getLineNr(), at.getColumnNr());
            throw invalid("the request body is not JSON: " + e.getOriginalMessage() + where);
        }
    }

    private static JsonFields read(JsonParser parser, byte[] body, int length) throws BadRequest {
        if (parser.nextToken() != JsonToken.START_OBJECT) {
            throw invalid("found no JSON object in the request body; expected {\"model\": …}");
        }
        var fields = new ArrayList<Field>(16);
        var roles = new Roles();
        int firstName = Math.toIntExact(parser.currentLocation().getByteOffset());
        long classStart = 0;
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            String name = parser.currentName();
            if (name.equals(CLASS)) {
                classStart = parser.currentTokenLocation().getByteOffset();
            }
            JsonToken token = parser.nextToken();
            long start = parser.currentTokenLocation().getByteOffset();
            if (start < 0) {
                throw invalid("the request body is not in UTF-8");
            }
            int first = Math.toIntExact(start);
            fields.add(
                    switch (token) {
                        case START_OBJECT, START_ARRAY -> {
                            if (name.equals("messages")) {
                                roles.read(parser);
                            } else {
                                parser.skipChildren();
                            }
                            int end = Math.toIntExact(parser.currentLocation().getByteOffset());
                            yield new Field(name, token, first, end);
                        }
                        case VALUE_STRING -> new Field(name, token, first, endOfText(body, first, length));
                        default -> new Field(name, token, first, endOfWord(body, first, length));
                    });
        }
        if (parser.nextToken() != null) {
            throw invalid("the request body is not JSON: found more after the object");
        }
        return new JsonFields(body, firstName, Math.toIntExact(classStart), fields, roles);
    }

    /** The last of that name, which is the one most readers go by; null when there is none. */
    public @Nullable Field find(String name) {
        Field found = null;
        for (Field field : fields) {
            if (field.name.equals(name)) {
                found = field;
            }
        }
        return found;
    }

    /**
     * Has the backend's own name for its model put where the client wrote one, or in place of the class that it named
     * instead.
     *
     * @return false when the client wrote neither
     */
    boolean model(String name, Splices splices) {
        String quoted = Json.text(Json.object().stringNode(name));
        Field model = find("model");
        Field modelClass = find(CLASS);
        if (model != null) {
            splices.put(model.start, model.end, quoted);
        } else if (modelClass != null) {
            splices.put(classStart, modelClass.end, "\"model\":" + quoted);
        }
        return model != null || modelClass != null;
    }

    /** In the order in which they stand. */
    public List<Field> all() {
        return fields;
    }

    /** Index in the body where one more can be put, with a comma after it. */
    int firstName() {
        return firstName;
    }

    /** Whether it is there and {@code true}. */
    public boolean isTrue(String name) {
        Field field = find(name);
        return field != null && field.token == JsonToken.VALUE_TRUE;
    }

    /** Whether it is there and {@code false}. */
    public boolean isFalse(String name) {
        Field field = find(name);
        return field != null && field.token == JsonToken.VALUE_FALSE;
    }

    /** A text without escapes, as names are; null when it is something else. */
    public @Nullable String text(String name) {
        Field field = find(name);
        if (field == null || field.token != JsonToken.VALUE_STRING) {
            return null;
        }
        return new String(body, field.start + 1, field.end - field.start - 2, StandardCharsets.UTF_8);
    }

    /** As it stands in the body, quotes and all. */
    public String source(Field field) {
        return new String(body, field.start, field.end - field.start, StandardCharsets.UTF_8);
    }

    /** Whether the messages have to be {@linkplain SystemMessages merged} for templates that take one system message. */
    public boolean systemsAreApart() {
        return roles.apart();
    }

    /** What is cut off here, the parser finds next. */
    private static int endOfText(byte[] body, int start, int length) {
        int i = start + 1;
        while (i < length && body[i] != '"') {
            i += body[i] == '\\' ? 2 : 1;
        }
        return i + 1;
    }

    private static int endOfWord(byte[] body, int start, int length) {
        int i = start;
        while (i < length && body[i] > ' ' && body[i] != ',' && body[i] != '}') {
            i++;
        }
        return i;
    }

    private static BadRequest invalid(String message) {
        return new BadRequest(ApiError.invalid(400, null, null, message));
    }

    /**
     * @param token how its value begins
     * @param start index of the first byte of its value
     * @param end index after the last
     */
    public record Field(String name, JsonToken token, int start, int end) {}

    /** What a chat's messages say of whom they are from. */
    private static final class Roles {

        private int messages;
        private int systems;
        private boolean late;
        private boolean developer;

        /** From the start of the messages to their end. */
        void read(JsonParser parser) {
            if (parser.currentToken() != JsonToken.START_ARRAY) {
                parser.skipChildren();
                return;
            }
            for (var token = parser.nextToken(); token != JsonToken.END_ARRAY; token = parser.nextToken()) {
                if (token != JsonToken.START_OBJECT) {
                    parser.skipChildren();
                    continue;
                }
                while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                    boolean role = parser.currentName().equals("role");
                    if (parser.nextToken() == JsonToken.VALUE_STRING && role) {
                        seen(parser.getString());
                    } else {
                        parser.skipChildren();
                    }
                }
                messages++;
            }
        }

        private void seen(String role) {
            boolean system = role.equals("system");
            developer |= role.equals("developer");
            if (system || role.equals("developer")) {
                systems++;
                late |= messages > 0;
            }
        }

        boolean apart() {
            return developer || systems > 1 || late;
        }
    }
}
