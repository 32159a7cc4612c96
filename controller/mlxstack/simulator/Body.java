package mlxstack.simulator;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Looks into a request's JSON, forgiving where model servers are. */
record Body(Map<?, ?> members) {

    /** @throws BadRequest unless it is a JSON object */
    static Body read(String text) {
        try {
            if (JsonReader.read(text) instanceof Map<?, ?> map) {
                return new Body(map);
            }
        } catch (IllegalArgumentException e) {
            throw new BadRequest(400, "the body is " + e.getMessage());
        }
        throw new BadRequest(400, "the body is not a JSON object");
    }

    @Nullable
    Object get(String name) {
        return members.get(name);
    }

    String text(String name, String otherwise) {
        return members.get(name) instanceof String text ? text : otherwise;
    }

    boolean flag(String name) {
        return Boolean.TRUE.equals(members.get(name));
    }

    int count(String name, int otherwise) {
        return members.get(name) instanceof Double number ? number.intValue() : otherwise;
    }

    Body part(String name) {
        return new Body(members.get(name) instanceof Map<?, ?> map ? map : Map.of());
    }

    List<Body> parts(String name) {
        var parts = new ArrayList<Body>();
        if (members.get(name) instanceof List<?> list) {
            for (Object item : list) {
                parts.add(new Body(item instanceof Map<?, ?> map ? map : Map.of()));
            }
        }
        return parts;
    }

    /** Text as it stands, or the text parts of a content list joined. */
    String content(String name) {
        if (members.get(name) instanceof List<?>) {
            var joined = new StringBuilder();
            for (Body part : parts(name)) {
                joined.append(part.text("text", ""));
            }
            return joined.toString();
        }
        return text(name, "");
    }
}
