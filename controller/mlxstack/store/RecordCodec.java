package mlxstack.store;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/** A record as an object of its components, in their order. Variants of sealed interfaces name themselves first. */
final class RecordCodec implements Codec {

    /** The field that says which variant of a sealed interface this is. */
    static final String TAG = "@";

    private final Class<? extends Record> type;
    private final Codecs codecs;
    private final boolean tagged;
    private final RecordComponent[] components;
    private final Method[] accessors;
    private final boolean[] nullable;
    private final @Nullable Codec[] fields;
    private final Map<String, Integer> positions;
    private final Constructor<? extends Record> constructor;

    RecordCodec(Class<? extends Record> type, Codecs codecs) {
        this.type = type;
        this.codecs = codecs;
        this.components = type.getRecordComponents();
        this.accessors = new Method[components.length];
        this.nullable = new boolean[components.length];
        this.fields = new @Nullable Codec[components.length];
        this.positions = HashMap.newHashMap(components.length);
        boolean variant = false;
        for (Class<?> parent : type.getInterfaces()) {
            variant |= parent.isSealed();
        }
        this.tagged = variant;
        var parameters = new Class<?>[components.length];
        for (int i = 0; i < components.length; i++) {
            parameters[i] = components[i].getType();
            accessors[i] = components[i].getAccessor();
            accessors[i].setAccessible(true);
            nullable[i] = components[i].getAnnotatedType().isAnnotationPresent(Nullable.class);
            positions.put(components[i].getName(), i);
        }
        try {
            constructor = type.getDeclaredConstructor(parameters);
            constructor.setAccessible(true);
        } catch (NoSuchMethodException e) {
            throw new IllegalStateException("a record without its canonical constructor: " + type, e);
        }
    }

    /** Late, because types may contain each other. A race makes the same codec twice. */
    private Codec field(int i) {
        Codec codec = fields[i];
        if (codec == null) {
            codec = codecs.of(components[i].getGenericType());
            fields[i] = codec;
        }
        return codec;
    }

    @Override
    public void write(JsonGenerator out, Object value) {
        out.writeStartObject();
        if (tagged) {
            out.writeName(TAG);
            out.writeString(type.getSimpleName());
        }
        for (int i = 0; i < accessors.length; i++) {
            Object part = invoke(accessors[i], value);
            if (part == null) {
                continue;
            }
            Codec codec = field(i);
            if (nullable[i] || !codec.isAbsent(part)) {
                out.writeName(components[i].getName());
                codec.write(out, part);
            }
        }
        out.writeEndObject();
    }

    @Override
    public Object read(JsonParser in) {
        if (in.currentToken() != JsonToken.START_OBJECT) {
            throw Mismatch.expected("an object", in);
        }
        in.nextToken();
        return readRest(in);
    }

    /** As {@link #read}, from the first field's name on. */
    Object readRest(JsonParser in) {
        var parts = new @Nullable Object[accessors.length];
        for (; in.currentToken() == JsonToken.PROPERTY_NAME; in.nextToken()) {
            Integer position = positions.get(in.currentName());
            JsonToken first = in.nextToken();
            if (position == null) {
                in.skipChildren();
            } else if (first != JsonToken.VALUE_NULL) {
                try {
                    parts[position] = field(position).read(in);
                } catch (Mismatch e) {
                    throw e.in(components[position].getName());
                }
            }
        }
        for (int i = 0; i < parts.length; i++) {
            if (parts[i] == null && !nullable[i]) {
                parts[i] = field(i).absent();
                if (parts[i] == null) {
                    throw new Mismatch(components[i].getName() + ": missing");
                }
            }
        }
        return create(parts);
    }

    private static @Nullable Object invoke(Method accessor, Object value) {
        try {
            return accessor.invoke(value);
        } catch (IllegalAccessException | InvocationTargetException e) {
            throw new IllegalStateException("cannot read " + accessor, e);
        }
    }

    private Object create(@Nullable Object[] parts) {
        try {
            return constructor.newInstance(parts);
        } catch (InvocationTargetException e) {
            throw new Mismatch(": " + type.getSimpleName() + " refuses these values: " + e.getCause());
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("cannot make a " + type, e);
        }
    }
}
