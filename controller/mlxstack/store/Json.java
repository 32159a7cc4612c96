package mlxstack.store;

import io.vavr.control.Either;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/**
 * JSON of the contract's records, straight from their components: no annotations, no beans.
 *
 * <p>Records are objects with their fields in order; variants of sealed interfaces carry their simple name as first
 * field {@code "@"}; null fields and empty collections are left out; maps and sets are sorted. Equal values give equal
 * bytes. On reading, unknown fields are skipped and missing ones are null, empty, zero or an error, as the type has it.
 *
 * <p>Built on Jackson's streaming core and not on its data binding: that needs 110 ms of a start with an AOT cache for
 * these types where this needs 20, and takes {@code isSuccess()}-like methods for fields.
 *
 * <p>Thread-safe; one per process is enough.
 */
public final class Json {

    private final JsonFactory factory = new JsonFactory();
    private final Codecs codecs;

    public Json() {
        this(Mask.NONE);
    }

    Json(Mask mask) {
        this.codecs = new Codecs(mask);
    }

    /** UTF-8, on one line, without a newline at the end. */
    public byte[] bytes(Object value) {
        var out = new ByteArrayOutputStream(512);
        write(value, out);
        return out.toByteArray();
    }

    public String text(Object value) {
        return new String(bytes(value), StandardCharsets.UTF_8);
    }

    /** Leaves {@code out} open. Failures of {@code out} come as Jackson's unchecked I/O exception. */
    public void write(Object value, OutputStream out) {
        JsonGenerator generator = factory.createGenerator(ObjectWriteContext.empty(), new Unclosed(out));
        codecs.of(value.getClass()).write(generator, value);
        generator.close();
    }

    /** Left: what was found, where, and what was expected. */
    public <T> Either<String, T> read(byte[] json, Class<T> type) {
        return read(json, 0, json.length, type);
    }

    public <T> Either<String, T> read(byte[] json, int offset, int length, Class<T> type) {
        try (JsonParser in = factory.createParser(ObjectReadContext.empty(), json, offset, length)) {
            if (in.nextToken() == null) {
                return Either.left("empty, expected a " + type.getSimpleName());
            }
            T value = type.cast(codecs.of(type).read(in));
            return in.nextToken() == null ? Either.right(value) : Either.left("more text follows the value");
        } catch (Codec.Mismatch e) {
            return Either.left(type.getSimpleName() + e.in("").getMessage());
        } catch (JacksonException e) {
            var at = e.getLocation();
            return Either.left("not JSON at byte " + (at == null ? "?" : at.getByteOffset()) + ": "
                    + e.getOriginalMessage().lines().findFirst().orElse(""));
        }
    }

    /** Jackson closes what it writes to; the caller goes on with it. */
    private static final class Unclosed extends java.io.FilterOutputStream {
        Unclosed(OutputStream out) {
            super(out);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws java.io.IOException {
            out.write(bytes, offset, length);
        }

        @Override
        public void close() {}
    }
}
