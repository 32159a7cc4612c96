package mlxstack.gateway;

import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.io.JsonStringEncoder;
import tools.jackson.core.json.JsonFactory;

/**
 * The {@code model} of a request, and where in the body it stands, so that it can be replaced without touching another
 * byte. Immutable.
 *
 * @param start index of its first byte, the opening quote in JSON
 * @param end index after its last byte
 * @param stream whether the body asks for the answer as a stream
 * @param maxTokens that the answer may have; 0 when the body does not say
 */
record ModelField(String value, int start, int end, boolean json, boolean stream, int maxTokens) {

    private static final Set<String> LIMITS = Set.of("max_tokens", "max_completion_tokens", "max_output_tokens");

    /** Images make strings of megabytes; only names and the model are ever held. */
    private static final JsonFactory JSON = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxStringLength(Integer.MAX_VALUE)
                    .build())
            .build();

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
        boolean stream = false;
        int maxTokens = 0;
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            String name = parser.currentName();
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
            long start = parser.currentTokenLocation().getByteOffset();
            String value = parser.getString();
            long end = parser.currentLocation().getByteOffset();
            if (start < 0 || end < 0) {
                throw new BadBody(null, "the request body is not in UTF-8");
            }
            found = new ModelField(value, Math.toIntExact(start), Math.toIntExact(end), true, false, 0);
        }
        if (parser.nextToken() != null) {
            throw new BadBody(null, "the request body is not JSON: found more after the object");
        }
        if (found == null) {
            throw missing("the request body");
        }
        return new ModelField(found.value, found.start, found.end, true, stream, maxTokens);
    }

    private static BadBody missing(String where) {
        return new BadBody("model", "found no \"model\" in " + where + "; GET /v1/models lists those there are");
    }

    /** The bytes to put in place of {@code start} to {@code end}. */
    byte[] replacement(String model) {
        var text = json ? "\"" + new String(JsonStringEncoder.getInstance().quoteAsCharArray(model)) + "\"" : model;
        return text.getBytes(StandardCharsets.UTF_8);
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
