package mlxstack.gateway;

import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.io.JsonStringEncoder;
import tools.jackson.core.json.JsonFactory;

/**
 * The {@code model} of a request, and where in the body it stands, so that it can be replaced without touching another
 * byte. MLX Router's agents name a {@code model_class} in its place. Immutable.
 *
 * @param value empty when there is a class instead
 * @param start index of its first byte, the opening quote in JSON; of the class's name where that is to be replaced
 * @param end index after its last byte
 * @param stream whether the body asks for the answer as a stream
 * @param maxTokens that the answer may have; 0 when the body does not say
 * @param modelClass null when there is a model
 * @param member whether start and end are those of the class with its name, so that a whole member comes in its place
 */
record ModelField(
        String value,
        int start,
        int end,
        boolean json,
        boolean stream,
        int maxTokens,
        @Nullable String modelClass,
        boolean member) {

    private static final String CLASS = "model_class";
    private static final Set<String> LIMITS = Set.of("max_tokens", "max_completion_tokens", "max_output_tokens");

    /** Images make strings of megabytes; only names and the model are ever held. */
    private static final JsonFactory JSON = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxStringLength(Integer.MAX_VALUE)
                    .build())
            .build();

    /** One that names no class. */
    ModelField(String value, int start, int end, boolean json, boolean stream, int maxTokens) {
        this(value, start, end, json, stream, maxTokens, null, false);
    }

    /**
     * Reads the whole body, so that a second {@code model}, which the backend might go by, is not overlooked.
     *
     * @param contentType null when absent, which is taken for JSON
     * @throws BadBody in a client's words
     */
    static ModelField find(@Nullable String contentType, byte[] body, int length) throws BadBody {
        if (contentType != null && MultipartForm.is(contentType)) {
            var field = MultipartForm.field(contentType, body, length, "model");
            if (field == null) {
                throw missing("the form");
            }
            return field;
        }
        try (var parser = JSON.createParser(ObjectReadContext.empty(), body, 0, length)) {
            return inJson(parser);
        } catch (JacksonException e) {
            var at = e.getLocation();
            String where = at == null ? "" : ", line %d column %d".formatted(at.getLineNr(), at.getColumnNr());
            throw new BadBody(null, "the request body is not JSON: " + e.getOriginalMessage() + where);
        }
    }

    private static ModelField inJson(JsonParser parser) throws BadBody {
        if (parser.nextToken() != JsonToken.START_OBJECT) {
            throw new BadBody(null, "found no JSON object in the request body; expected {\"model\": …}");
        }
        ModelField found = null;
        ModelField classed = null;
        boolean stream = false;
        int maxTokens = 0;
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            String name = parser.currentName();
            if (name.equals(CLASS)) {
                classed = modelClass(parser);
                continue;
            }
            boolean model = name.equals("model");
            var token = parser.nextToken();
            if (!model) {
                stream |= token == JsonToken.VALUE_TRUE && name.equals("stream");
                if (token == JsonToken.VALUE_NUMBER_INT && LIMITS.contains(name)) {
                    maxTokens = (int) Math.clamp(parser.getDoubleValue(), 0, Integer.MAX_VALUE);
                }
                parser.skipChildren();
                continue;
            }
            if (found != null) {
                throw new BadBody("model", "found two \"model\" fields; expected one");
            }
            if (token != JsonToken.VALUE_STRING) {
                throw new BadBody("model", "found a \"model\" that is not a string");
            }
            int start = offset(parser.currentTokenLocation());
            String value = parser.getString();
            found = new ModelField(value, start, offset(parser.currentLocation()), true, false, 0);
        }
        if (parser.nextToken() != null) {
            throw new BadBody(null, "the request body is not JSON: found more after the object");
        }
        var at = found == null ? classed : found;
        if (at == null) {
            throw missing("the request body");
        }
        String modelClass = classed != null && at.value.isEmpty() ? classed.modelClass : null;
        return new ModelField(at.value, at.start, at.end, true, stream, maxTokens, modelClass, at.member);
    }

    /** From its name to its end; null for one that says nothing. */
    private static @Nullable ModelField modelClass(JsonParser parser) throws BadBody {
        int start = offset(parser.currentTokenLocation());
        if (parser.nextToken() != JsonToken.VALUE_STRING) {
            throw new BadBody(CLASS, "found a \"model_class\" that is not a string");
        }
        String name = parser.getString();
        int end = offset(parser.currentLocation());
        return name.isBlank() ? null : new ModelField("", start, end, true, false, 0, name, true);
    }

    private static int offset(TokenStreamLocation at) throws BadBody {
        if (at.getByteOffset() < 0) {
            throw new BadBody(null, "the request body is not in UTF-8");
        }
        return Math.toIntExact(at.getByteOffset());
    }

    private static BadBody missing(String where) {
        return new BadBody("model", "found no \"model\" in " + where + "; GET /v1/models lists those there are");
    }

    /** The bytes to put in place of {@code start} to {@code end}. */
    byte[] replacement(String model) {
        var text = json ? "\"" + new String(JsonStringEncoder.getInstance().quoteAsCharArray(model)) + "\"" : model;
        return (member ? "\"model\":" + text : text).getBytes(StandardCharsets.UTF_8);
    }

    static final class BadBody extends Exception {

        private static final long serialVersionUID = 1;

        final @Nullable String param;

        BadBody(@Nullable String param, String message) {
            super(message);
            this.param = param;
        }
    }
}
