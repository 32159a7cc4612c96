package mlxstack.store;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * Containers of the JDK and of vavr as arrays and objects. What has no order of its own is written sorted, so that equal
 * values give equal bytes; a missing one is an empty one.
 */
final class Containers {

    private Containers() {}

    static Codec sequence(Class<?> raw, Codec element, Mask mask) {
        if (raw == List.class) {
            return new Sequence(element, false, mask, List::copyOf);
        }
        if (raw == java.util.Set.class) {
            return new Sequence(element, true, Mask.NONE, java.util.Set::copyOf);
        }
        if (raw == io.vavr.collection.Vector.class || raw == io.vavr.collection.Seq.class) {
            return new Sequence(element, false, mask, io.vavr.collection.Vector::ofAll);
        }
        if (raw == io.vavr.collection.Set.class || raw == io.vavr.collection.HashSet.class) {
            return new Sequence(element, true, Mask.NONE, io.vavr.collection.HashSet::ofAll);
        }
        throw Codecs.unsupported(raw);
    }

    static Codec mapping(Class<?> raw, Function<String, Object> key, Codec value, Mask mask) {
        if (raw == Map.class) {
            return new Mapping(key, value, mask, map -> ((Map<?, ?>) map).entrySet(), Map::copyOf);
        }
        if (raw == io.vavr.collection.Map.class || raw == io.vavr.collection.HashMap.class) {
            return new Mapping(
                    key,
                    value,
                    mask,
                    map -> ((io.vavr.collection.Map<?, ?>) map)
                            .iterator()
                            .map(t -> Map.entry(t._1(), t._2()))
                            .toJavaList(),
                    io.vavr.collection.HashMap::ofAll);
        }
        throw Codecs.unsupported(raw);
    }

    private record Sequence(Codec element, boolean sorted, Mask mask, Function<List<Object>, Object> build)
            implements Codec {
        @Override
        public void write(JsonGenerator out, Object value) {
            out.writeStartArray();
            var parts = (Iterable<?>) value;
            if (sorted) {
                // Sets hold texts and numbers; anything else needs an order of its own to get here.
                StreamSupport.stream(parts.spliterator(), false).sorted().forEach(part -> element.write(out, part));
            } else if (mask.changes()) {
                var words = new ArrayList<String>();
                parts.forEach(part -> words.add((String) part));
                mask.words(words).forEach(word -> element.write(out, word));
            } else {
                parts.forEach(part -> element.write(out, part));
            }
            out.writeEndArray();
        }

        @Override
        public Object read(JsonParser in) {
            if (in.currentToken() != JsonToken.START_ARRAY) {
                throw Mismatch.expected("an array", in);
            }
            var parts = new ArrayList<Object>();
            while (in.nextToken() != JsonToken.END_ARRAY) {
                try {
                    parts.add(element.read(in));
                } catch (Mismatch e) {
                    throw e.in("[" + parts.size() + "]");
                }
            }
            return build.apply(parts);
        }

        @Override
        public Object absent() {
            return build.apply(List.of());
        }

        @Override
        public boolean isAbsent(Object value) {
            return !((Iterable<?>) value).iterator().hasNext();
        }
    }

    private record Mapping(
            Function<String, Object> key,
            Codec value,
            Mask mask,
            Function<Object, Iterable<? extends Map.Entry<?, ?>>> entries,
            Function<Map<Object, Object>, Object> build)
            implements Codec {

        private static final Comparator<Map.Entry<?, ?>> BY_KEY = Comparator.comparing(Mapping::keyText);

        private static String keyText(Map.Entry<?, ?> entry) {
            return entry.getKey() instanceof Enum<?> constant
                    ? constant.name()
                    : entry.getKey().toString();
        }

        @Override
        public void write(JsonGenerator out, Object map) {
            var sorted = new ArrayList<Map.Entry<?, ?>>();
            entries.apply(map).forEach(sorted::add);
            sorted.sort(BY_KEY);
            out.writeStartObject();
            for (Map.Entry<?, ?> entry : sorted) {
                String name = keyText(entry);
                out.writeName(name);
                value.write(out, mask.value(name, entry.getValue()));
            }
            out.writeEndObject();
        }

        @Override
        public Object read(JsonParser in) {
            if (in.currentToken() != JsonToken.START_OBJECT) {
                throw Mismatch.expected("an object", in);
            }
            var map = new LinkedHashMap<Object, Object>();
            while (in.nextToken() == JsonToken.PROPERTY_NAME) {
                String name = in.currentName();
                in.nextToken();
                try {
                    map.put(key.apply(name), value.read(in));
                } catch (Mismatch e) {
                    throw e.in(name);
                } catch (NumberFormatException e) {
                    throw new Mismatch("[" + name + "]: expected a number as key");
                }
            }
            return build.apply(map);
        }

        @Override
        public @Nullable Object absent() {
            return build.apply(Map.of());
        }

        @Override
        public boolean isAbsent(Object map) {
            return !entries.apply(map).iterator().hasNext();
        }
    }
}
