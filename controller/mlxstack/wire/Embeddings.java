package mlxstack.wire;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Base64;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/**
 * Embeddings in the encoding that the client asked for, whatever the backend knows: OpenAI's libraries ask for base64,
 * which is the numbers as little-endian float32, and many servers answer lists of numbers. All else passes as it is.
 * Immutable.
 */
public final class Embeddings implements Translation {

    private static final byte[] NOTHING = {};
    private static final JsonFactory WRITER = new JsonFactory();

    private final byte[] request;
    private final boolean base64;

    /**
     * @param request with the backend's own name for the model
     * @param base64 what the client asked for; see {@link #asksForBase64}
     */
    public Embeddings(byte[] request, boolean base64) {
        this.request = request;
        this.base64 = base64;
    }

    public static boolean asksForBase64(JsonFields request) {
        return "base64".equals(request.text("encoding_format"));
    }

    @Override
    public Operation operation() {
        return Operation.EMBEDDINGS;
    }

    @Override
    public byte[] request() {
        return request;
    }

    /** The very same array when there is nothing to change. */
    @Override
    public byte[] answer(byte[] body) throws BadAnswer {
        try {
            return isRight(body) ? body : rewritten(body);
        } catch (JacksonException e) {
            throw new BadAnswer("the endpoint sent embeddings that are not JSON: " + e.getOriginalMessage());
        } catch (IllegalArgumentException e) {
            throw new BadAnswer("the endpoint sent an embedding that is not base64: " + e.getMessage());
        }
    }

    /** Goes by the first one. */
    private boolean isRight(byte[] body) {
        try (var in = Json.parser(body, body.length)) {
            for (var token = in.nextToken(); token != null; token = in.nextToken()) {
                if (isVector(in, token)) {
                    return base64 == (token == JsonToken.VALUE_STRING);
                }
            }
        }
        return true;
    }

    private static boolean isVector(JsonParser in, JsonToken token) {
        return (token == JsonToken.START_ARRAY || token == JsonToken.VALUE_STRING)
                && "embedding".equals(field(in, token));
    }

    /** The field whose value this is; null within a list. */
    private static @Nullable String field(JsonParser in, JsonToken token) {
        var context = in.streamReadContext();
        return token == JsonToken.START_ARRAY ? context.getParent().currentName() : context.currentName();
    }

    private byte[] rewritten(byte[] body) {
        var out = new ByteArrayOutputStream(body.length);
        try (var in = Json.parser(body, body.length);
                var to = WRITER.createGenerator(ObjectWriteContext.empty(), out)) {
            for (var token = in.nextToken(); token != null; token = in.nextToken()) {
                if (!isVector(in, token) || base64 == (token == JsonToken.VALUE_STRING)) {
                    to.copyCurrentEventExact(in);
                } else if (base64) {
                    to.writeString(Base64.getEncoder().encodeToString(bytes(in)));
                } else {
                    numbers(Base64.getDecoder().decode(in.getString()), to);
                }
            }
        }
        return out.toByteArray();
    }

    private static byte[] bytes(JsonParser in) {
        var bytes = ByteBuffer.allocate(4096 * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        while (in.nextToken() != JsonToken.END_ARRAY) {
            if (bytes.remaining() < Float.BYTES) {
                bytes = ByteBuffer.wrap(Arrays.copyOf(bytes.array(), bytes.capacity() * 2))
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .position(bytes.position());
            }
            bytes.putFloat((float) in.getDoubleValue());
        }
        return Arrays.copyOf(bytes.array(), bytes.position());
    }

    private static void numbers(byte[] bytes, JsonGenerator to) {
        if (bytes.length % Float.BYTES != 0) {
            throw new IllegalArgumentException("%d bytes are no list of float32".formatted(bytes.length));
        }
        var numbers = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
        to.writeStartArray();
        while (numbers.hasRemaining()) {
            to.writeNumber(numbers.get());
        }
        to.writeEndArray();
    }

    /** Embeddings have no stream. */
    @Override
    public byte[] frame(Frame frame) throws BadAnswer {
        throw new BadAnswer("the endpoint sent a stream instead of embeddings");
    }

    @Override
    public byte[] end() {
        return NOTHING;
    }
}
