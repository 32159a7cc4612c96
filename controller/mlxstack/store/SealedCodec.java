package mlxstack.store;

import java.util.HashMap;
import java.util.Map;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/** A sealed interface of records: the variant is known by its simple name, which comes first. */
final class SealedCodec implements Codec {

    private final Class<?> type;
    private final Codecs codecs;
    private final Map<String, Class<?>> variants = new HashMap<>();

    SealedCodec(Class<?> type, Codecs codecs) {
        this.type = type;
        this.codecs = codecs;
        collect(type);
    }

    private void collect(Class<?> parent) {
        for (Class<?> variant : parent.getPermittedSubclasses()) {
            if (variant.isRecord()) {
                if (variants.put(variant.getSimpleName(), variant) != null) {
                    throw new IllegalArgumentException(
                            type + " has two variants with the simple name " + variant.getSimpleName());
                }
            } else if (variant.isSealed()) {
                collect(variant);
            } else {
                throw Codecs.unsupported(variant);
            }
        }
    }

    @Override
    public void write(JsonGenerator out, Object value) {
        codecs.of(value.getClass()).write(out, value);
    }

    @Override
    public Object read(JsonParser in) {
        if (in.currentToken() != JsonToken.START_OBJECT) {
            throw Mismatch.expected("a " + type.getSimpleName(), in);
        }
        if (in.nextToken() != JsonToken.PROPERTY_NAME
                || !RecordCodec.TAG.equals(in.currentName())
                || in.nextToken() != JsonToken.VALUE_STRING) {
            throw new Mismatch(": expected \"" + RecordCodec.TAG + "\" with the kind of " + type.getSimpleName()
                    + " as first field");
        }
        Class<?> variant = variants.get(in.getString());
        if (variant == null) {
            throw new Mismatch(": unknown " + type.getSimpleName() + " \"" + in.getString() + "\"");
        }
        in.nextToken();
        return ((RecordCodec) codecs.of(variant)).readRest(in);
    }
}
