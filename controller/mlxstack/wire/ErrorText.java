package mlxstack.wire;

import java.util.ArrayList;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** What a backend says went wrong, out of the many shapes in which they say it. */
final class ErrorText {

    private static final int LONGEST = 2_000;

    private ErrorText() {}

    /**
     * @param body {@code {"error": {"message": …}}}, {@code {"error": "…"}}, {@code {"type": "error", …}},
     *     {@code {"detail": …}}, {@code {"object": "error", "message": …}}
     * @return null when it tells of no error
     */
    static @Nullable String in(JsonNode body) {
        var error = body.get("error");
        if (error == null || error.isNull()) {
            error = body.get("detail");
        }
        if (error == null || error.isNull()) {
            boolean flat = "error".equals(Json.text(body, "object")) || "error".equals(Json.text(body, "type"));
            error = flat ? body : body.get("message");
        }
        return error == null || error.isNull() ? null : of(error);
    }

    /** @param error the error itself: an object with a message, a text, a list of either */
    static String of(JsonNode error) {
        return shortened(words(error));
    }

    private static String words(JsonNode error) {
        if (error.isString()) {
            return error.stringValue();
        }
        if (error instanceof ArrayNode list) {
            var all = new ArrayList<String>();
            list.forEach(one -> all.add(words(one)));
            return String.join("; ", all);
        }
        if (!(error instanceof ObjectNode object)) {
            return Json.text(error);
        }
        String message = Json.text(object, "message", Json.text(object, "msg", ""));
        var metadata = Json.object(object, "metadata");
        String raw = metadata == null ? "" : Json.text(metadata, "raw", "");
        if (!message.isBlank()) {
            return raw.isBlank() ? message : message + ": " + raw;
        }
        var nested = object.get("error");
        return nested == null ? Json.text(object) : words(nested);
    }

    static String shortened(String text) {
        String one = text.strip();
        return one.length() <= LONGEST ? one : one.substring(0, LONGEST) + "…";
    }
}
