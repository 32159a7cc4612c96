package mlxstack.store;

import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/** Codecs of everything that has no parts, and of free-form values. */
final class Scalars {

    private Scalars() {}

    static @Nullable Codec of(Class<?> c) {
        if (c == String.class) {
            return new Text(Object::toString, text -> text);
        }
        if (c == long.class || c == Long.class) {
            return new Numeric(0L, c, (out, v) -> out.writeNumber((long) v), JsonParser::getLongValue);
        }
        if (c == int.class || c == Integer.class) {
            return new Numeric(0, c, (out, v) -> out.writeNumber((int) v), JsonParser::getIntValue);
        }
        if (c == double.class || c == Double.class) {
            return new Numeric(0.0, c, (out, v) -> out.writeNumber((double) v), JsonParser::getDoubleValue);
        }
        if (c == boolean.class || c == Boolean.class) {
            return new Flag(c);
        }
        if (c == BigDecimal.class) {
            // As text: a reader that takes numbers for doubles would round money.
            return new Text(value -> ((BigDecimal) value).toPlainString(), Scalars::decimal);
        }
        if (c == Instant.class) {
            return new Text(Object::toString, Instant::parse);
        }
        if (c == Duration.class) {
            return new Text(Object::toString, Duration::parse);
        }
        return null;
    }

    private static BigDecimal decimal(String text) {
        try {
            return new BigDecimal(text);
        } catch (NumberFormatException e) {
            throw new Codec.Mismatch(": expected a decimal number, found \"" + text + "\"");
        }
    }

    private record Text(Function<Object, String> format, Function<String, Object> parse) implements Codec {
        @Override
        public void write(JsonGenerator out, Object value) {
            out.writeString(format.apply(value));
        }

        @Override
        public Object read(JsonParser in) {
            if (in.currentToken() != JsonToken.VALUE_STRING) {
                throw Mismatch.expected("text", in);
            }
            try {
                return parse.apply(in.getString());
            } catch (DateTimeException e) {
                throw new Mismatch(": " + e.getMessage());
            }
        }
    }

    private record Numeric(
            Object zero, Class<?> type, BiConsumer<JsonGenerator, Object> format, Function<JsonParser, Object> parse)
            implements Codec {
        @Override
        public void write(JsonGenerator out, Object value) {
            format.accept(out, value);
        }

        @Override
        public Object read(JsonParser in) {
            JsonToken token = in.currentToken();
            if (token == null || !token.isNumeric()) {
                throw Mismatch.expected("a number", in);
            }
            return parse.apply(in);
        }

        @Override
        public @Nullable Object absent() {
            return type.isPrimitive() ? zero : null;
        }
    }

    private record Flag(Class<?> type) implements Codec {
        @Override
        public void write(JsonGenerator out, Object value) {
            out.writeBoolean((boolean) value);
        }

        @Override
        public Object read(JsonParser in) {
            JsonToken token = in.currentToken();
            if (token == null || !token.isBoolean()) {
                throw Mismatch.expected("true or false", in);
            }
            return in.getBooleanValue();
        }

        @Override
        public @Nullable Object absent() {
            return type.isPrimitive() ? false : null;
        }
    }

    /** Constants by name. */
    static final class OfEnum implements Codec {
        private final Map<String, Object> constants = new HashMap<>();
        private final Class<?> type;

        OfEnum(Class<?> type) {
            this.type = type;
            for (Object constant : type.getEnumConstants()) {
                constants.put(((Enum<?>) constant).name(), constant);
            }
        }

        Object constant(String name) {
            Object constant = constants.get(name);
            if (constant == null) {
                throw new Mismatch(": unknown " + type.getSimpleName() + " \"" + name + "\"");
            }
            return constant;
        }

        @Override
        public void write(JsonGenerator out, Object value) {
            out.writeString(((Enum<?>) value).name());
        }

        @Override
        public Object read(JsonParser in) {
            if (in.currentToken() != JsonToken.VALUE_STRING) {
                throw Mismatch.expected("a " + type.getSimpleName(), in);
            }
            return constant(in.getString());
        }
    }

    /** Free-form JSON, as in parts of the stack that are kept as written: maps, lists, texts, numbers, flags. */
    record Anything(Mask mask) implements Codec {
        @Override
        public void write(JsonGenerator out, Object value) {
            switch (value) {
                case String text -> out.writeString(text);
                case Boolean flag -> out.writeBoolean(flag);
                case Integer number -> out.writeNumber(number);
                case Long number -> out.writeNumber(number);
                case Double number -> out.writeNumber(number);
                case java.math.BigInteger number -> out.writeNumber(number);
                case BigDecimal number -> out.writeNumber(number);
                case Map<?, ?> map -> {
                    out.writeStartObject();
                    var sorted = new TreeMap<String, @Nullable Object>();
                    map.forEach((key, part) -> sorted.put(key.toString(), part));
                    sorted.forEach((key, part) -> {
                        out.writeName(key);
                        writeOrNull(out, part == null ? null : mask.value(key, part));
                    });
                    out.writeEndObject();
                }
                case List<?> list -> {
                    out.writeStartArray();
                    list.forEach(part -> writeOrNull(out, part));
                    out.writeEndArray();
                }
                default -> throw Codecs.unsupported(value.getClass());
            }
        }

        private void writeOrNull(JsonGenerator out, @Nullable Object part) {
            if (part == null) {
                out.writeNull();
            } else {
                write(out, part);
            }
        }

        @Override
        public Object read(JsonParser in) {
            Object value = readOrNull(in);
            if (value == null) {
                throw Mismatch.expected("a value", in);
            }
            return value;
        }

        private @Nullable Object readOrNull(JsonParser in) {
            JsonToken token = in.currentToken();
            return switch (token) {
                case VALUE_STRING -> in.getString();
                case VALUE_TRUE -> true;
                case VALUE_FALSE -> false;
                case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> in.getNumberValue();
                case START_ARRAY -> {
                    var list = new ArrayList<@Nullable Object>();
                    while (in.nextToken() != JsonToken.END_ARRAY) {
                        list.add(readOrNull(in));
                    }
                    yield list;
                }
                case START_OBJECT -> {
                    var map = new HashMap<String, @Nullable Object>();
                    while (in.nextToken() == JsonToken.PROPERTY_NAME) {
                        String key = in.currentName();
                        in.nextToken();
                        map.put(key, readOrNull(in));
                    }
                    yield map;
                }
                case VALUE_NULL -> null;
                case null, default -> throw Mismatch.expected("a value", in);
            };
        }
    }
}
