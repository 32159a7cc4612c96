package mlxstack.gateway;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The fields of a JSON object, each of the type it has to have. What is not asked for is for later releases.
 *
 * @param path of the object, as in {@code backends[0]}; empty at the top
 */
record Fields(JsonObject json, String path) {

    private String at(String name) {
        return path.isEmpty() ? name : path + "." + name;
    }

    boolean has(String name) {
        return json.containsKey(name);
    }

    Fields object(String name) throws BadConfig {
        return new Fields(typed(json.getValue(name), JsonObject.class, at(name), "an object"), at(name));
    }

    /** Null without it. */
    @Nullable
    Fields objectIfAny(String name) throws BadConfig {
        return has(name) ? object(name) : null;
    }

    List<Fields> objects(String name) throws BadConfig {
        JsonArray list = typed(json.getValue(name), JsonArray.class, at(name), "a list");
        var objects = new ArrayList<Fields>(list.size());
        for (int i = 0; i < list.size(); i++) {
            String place = at(name) + "[" + i + "]";
            objects.add(new Fields(typed(list.getValue(i), JsonObject.class, place, "an object"), place));
        }
        return objects;
    }

    /** Each of this object's fields, which are objects. */
    Map<String, Fields> all() throws BadConfig {
        var all = new LinkedHashMap<String, Fields>();
        for (String name : json.fieldNames()) {
            all.put(name, object(name));
        }
        return all;
    }

    String text(String name) throws BadConfig {
        return typed(json.getValue(name), String.class, at(name), "a text");
    }

    @Nullable
    String textIfAny(String name) throws BadConfig {
        return has(name) ? text(name) : null;
    }

    List<String> texts(String name) throws BadConfig {
        JsonArray list = typed(json.getValue(name), JsonArray.class, at(name), "a list");
        var texts = new ArrayList<String>(list.size());
        for (int i = 0; i < list.size(); i++) {
            texts.add(typed(list.getValue(i), String.class, at(name) + "[" + i + "]", "a text"));
        }
        return texts;
    }

    List<String> textsIfAny(String name) throws BadConfig {
        return has(name) ? texts(name) : List.of();
    }

    /** Texts, or lists of them, by name; none without the field. */
    Map<String, List<String>> lists(String name) throws BadConfig {
        var lists = new LinkedHashMap<String, List<String>>();
        var map = objectIfAny(name);
        if (map != null) {
            for (String key : map.json.fieldNames()) {
                lists.put(key, map.texts(key));
            }
        }
        return lists;
    }

    Map<String, String> textMap(String name) throws BadConfig {
        var texts = new LinkedHashMap<String, String>();
        var map = objectIfAny(name);
        if (map != null) {
            for (String key : map.json.fieldNames()) {
                texts.put(key, map.text(key));
            }
        }
        return texts;
    }

    int number(String name, int least, int most) throws BadConfig {
        return Math.toIntExact(whole(name, least, most));
    }

    int numberOrZero(String name, int most) throws BadConfig {
        return has(name) ? number(name, 0, most) : 0;
    }

    @Nullable
    Integer numberIfAny(String name) throws BadConfig {
        return has(name) ? (Integer) number(name, 1, Integer.MAX_VALUE) : null;
    }

    long whole(String name, long least, long most) throws BadConfig {
        Object value = typed(json.getValue(name), Object.class, at(name), "a whole number");
        if (!(value instanceof Integer || value instanceof Long)) {
            throw new BadConfig("found %s that is not a whole number".formatted(at(name)));
        }
        long number = ((Number) value).longValue();
        if (number < least || number > most) {
            throw new BadConfig("found %s %d, expected %d to %d".formatted(at(name), number, least, most));
        }
        return number;
    }

    boolean flag(String name) throws BadConfig {
        return typed(json.getValue(name), Boolean.class, at(name), "true or false");
    }

    <E extends Enum<E>> E word(String name, Class<E> type) throws BadConfig {
        return constant(at(name), text(name), type);
    }

    static <E extends Enum<E>> E constant(String what, String word, Class<E> type) throws BadConfig {
        for (E constant : type.getEnumConstants()) {
            if (constant.name().toLowerCase(Locale.ROOT).equals(word)) {
                return constant;
            }
        }
        throw new BadConfig("found %s %s, expected one of %s"
                .formatted(
                        what,
                        word,
                        Arrays.stream(type.getEnumConstants())
                                .map(constant -> constant.name().toLowerCase(Locale.ROOT))
                                .collect(Collectors.joining(", "))));
    }

    private static <T> T typed(@Nullable Object value, Class<T> type, String what, String expected) throws BadConfig {
        if (value == null) {
            throw new BadConfig("found no %s, expected %s".formatted(what, expected));
        }
        if (!type.isInstance(value)) {
            throw new BadConfig("found %s that is not %s".formatted(what, expected));
        }
        return type.cast(value);
    }
}
