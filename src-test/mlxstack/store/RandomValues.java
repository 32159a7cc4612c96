package mlxstack.store;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.lang.reflect.WildcardType;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** Makes values of any record type from a seed: what one can write down, this can come up with. */
final class RandomValues {

    private static final String[] TEXTS = {
        "", "primary", "a b", "\"quoted\\\"", "zeile\nzwei\ttab", "größer ≥ 漢字 🦙", "\u001b[31mred", "@", "null", "0"
    };

    private final Random random;
    private int depth;

    RandomValues(long seed) {
        this.random = new Random(seed);
    }

    <T> T of(Class<T> type) {
        return type.cast(value(type));
    }

    private Object value(Type type) {
        return switch (type) {
            case Class<?> c -> single(c);
            case ParameterizedType p -> many((Class<?>) p.getRawType(), p.getActualTypeArguments());
            case WildcardType w -> value(w.getUpperBounds()[0]);
            default -> throw new IllegalArgumentException(type.getTypeName());
        };
    }

    private Object single(Class<?> c) {
        if (c == String.class) {
            return TEXTS[random.nextInt(TEXTS.length)];
        }
        if (c == long.class || c == Long.class) {
            return random.nextBoolean() ? random.nextLong() : random.nextInt(10);
        }
        if (c == int.class || c == Integer.class) {
            return random.nextBoolean() ? random.nextInt() : random.nextInt(10);
        }
        if (c == double.class || c == Double.class) {
            return random.nextGaussian();
        }
        if (c == boolean.class || c == Boolean.class) {
            return random.nextBoolean();
        }
        if (c == Instant.class) {
            return Instant.ofEpochSecond(random.nextInt(), random.nextInt(1_000_000_000));
        }
        if (c == BigDecimal.class) {
            return BigDecimal.valueOf(random.nextLong(1L << 40), random.nextInt(10));
        }
        if (c == Duration.class) {
            return Duration.ofSeconds(random.nextInt(100_000), random.nextInt(1_000_000_000));
        }
        if (c == Object.class) {
            return free();
        }
        if (c.isEnum()) {
            Object[] constants = c.getEnumConstants();
            return constants[random.nextInt(constants.length)];
        }
        if (c.isRecord()) {
            return record(c);
        }
        if (c.isSealed()) {
            Class<?>[] variants = c.getPermittedSubclasses();
            return single(variants[random.nextInt(variants.length)]);
        }
        throw new IllegalArgumentException(c.getName());
    }

    private Object free() {
        return switch (random.nextInt(depth > 6 ? 4 : 6)) {
            case 0 -> single(String.class);
            case 1 -> random.nextInt();
            case 2 -> random.nextBoolean();
            case 3 -> random.nextGaussian();
            case 4 -> list(Object.class);
            default -> map(String.class, Object.class);
        };
    }

    private Object record(Class<?> c) {
        depth++;
        RecordComponent[] components = c.getRecordComponents();
        var types = new Class<?>[components.length];
        var parts = new @Nullable Object[components.length];
        for (int i = 0; i < components.length; i++) {
            types[i] = components[i].getType();
            boolean nullable = components[i].getAnnotatedType().isAnnotationPresent(Nullable.class);
            parts[i] = nullable && random.nextInt(3) == 0 ? null : value(components[i].getGenericType());
        }
        depth--;
        try {
            return c.getDeclaredConstructor(types).newInstance(parts);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(c + " cannot be made", e);
        }
    }

    private Object many(Class<?> raw, Type[] of) {
        if (raw == List.class) {
            return list(of[0]);
        }
        if (raw == java.util.Set.class) {
            return new LinkedHashSet<>(list(of[0]));
        }
        if (raw == Map.class) {
            return map(of[0], of[1]);
        }
        if (raw == io.vavr.collection.Vector.class) {
            return io.vavr.collection.Vector.ofAll(list(of[0]));
        }
        if (raw == io.vavr.collection.Set.class) {
            return io.vavr.collection.HashSet.ofAll(list(of[0]));
        }
        if (raw == io.vavr.collection.Map.class) {
            return io.vavr.collection.HashMap.ofAll(map(of[0], of[1]));
        }
        throw new IllegalArgumentException(raw.getName());
    }

    private List<Object> list(Type of) {
        var list = new ArrayList<>();
        depth++;
        for (int i = random.nextInt(3); i > 0; i--) {
            list.add(value(of));
        }
        depth--;
        return list;
    }

    private Map<Object, Object> map(Type key, Type of) {
        var map = new LinkedHashMap<>();
        depth++;
        for (int i = random.nextInt(3); i > 0; i--) {
            map.put(value(key), value(of));
        }
        depth--;
        return map;
    }
}
