package mlxstack.store;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.lang.reflect.WildcardType;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/** Finds the codec of a type, once. An unsupported type is a bug and says so. Thread-safe. */
final class Codecs {

    private final ConcurrentHashMap<Type, Codec> known = new ConcurrentHashMap<>();
    private final Mask mask;

    Codecs(Mask mask) {
        this.mask = mask;
    }

    Codec of(Type type) {
        Codec found = known.get(type);
        if (found == null) {
            // Not computeIfAbsent: codecs of nested types are looked up while one is made.
            found = create(type);
            known.put(type, found);
        }
        return found;
    }

    private Codec create(Type type) {
        return switch (type) {
            case Class<?> c -> ofClass(c);
            case ParameterizedType p -> ofGeneric(p);
            case WildcardType w -> of(w.getUpperBounds()[0]);
            default -> throw unsupported(type);
        };
    }

    private Codec ofClass(Class<?> c) {
        if (c.isRecord()) {
            return new RecordCodec(c.asSubclass(Record.class), this);
        }
        if (c.isEnum()) {
            return new Scalars.OfEnum(c);
        }
        if (c.isSealed() && c.isInterface()) {
            return new SealedCodec(c, this);
        }
        Codec scalar = Scalars.of(c);
        if (scalar != null) {
            return scalar;
        }
        if (c == Object.class) {
            return new Scalars.Anything(mask);
        }
        throw unsupported(c);
    }

    private Codec ofGeneric(ParameterizedType p) {
        Type[] arguments = p.getActualTypeArguments();
        var raw = (Class<?>) p.getRawType();
        return switch (arguments.length) {
            case 1 -> Containers.sequence(raw, of(arguments[0]), arguments[0] == String.class ? mask : Mask.NONE);
            case 2 -> Containers.mapping(raw, keyOf(arguments[0]), of(arguments[1]), mask);
            default -> throw unsupported(p);
        };
    }

    /** Map keys are texts in JSON. */
    private static Function<String, Object> keyOf(Type type) {
        if (type == String.class) {
            return text -> text;
        }
        if (type == Integer.class) {
            return Integer::valueOf;
        }
        if (type == Long.class) {
            return Long::valueOf;
        }
        if (type instanceof Class<?> c && c.isEnum()) {
            var values = new Scalars.OfEnum(c);
            return values::constant;
        }
        throw unsupported(type);
    }

    static IllegalArgumentException unsupported(Type type) {
        return new IllegalArgumentException("no JSON form for " + type.getTypeName()
                + ": supported are records, sealed interfaces of records, enums, numbers, texts, " + Duration.class
                + ", " + Instant.class + ", and List, Set, Map of the JDK and of vavr");
    }
}
