package mlxstack.wire;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;

/**
 * The content of a chat message that grows: texts and images in order. Text alone becomes one string, however many blocks
 * it came in, so that the same words make the same prompt on every turn. Confined to one translation.
 */
final class Content {

    private final ArrayNode parts = Json.array();
    private boolean onlyText = true;
    private @Nullable StringBuilder text;

    void text(String more) {
        if (more.isEmpty()) {
            return;
        }
        if (text == null) {
            text = new StringBuilder(more);
        } else {
            text.append('\n').append(more);
        }
    }

    void part(JsonNode part) {
        endText();
        onlyText = false;
        parts.add(part);
    }

    private void endText() {
        if (text != null) {
            parts.addObject().put("type", "text").put("text", text.toString());
            text = null;
        }
    }

    boolean isEmpty() {
        return text == null && parts.isEmpty();
    }

    void moveTo(Content other) {
        for (var part : parts) {
            if ("text".equals(Json.text(part, "type"))) {
                other.text(Json.text(part, "text", ""));
            } else {
                other.part(part);
            }
        }
        if (text != null) {
            other.text(text.toString());
        }
    }

    /** A string where there are no images. */
    JsonNode node() {
        if (onlyText) {
            return Json.string(text == null ? "" : text.toString());
        }
        endText();
        return parts;
    }
}
