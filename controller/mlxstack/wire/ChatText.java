package mlxstack.wire;

import tools.jackson.databind.JsonNode;

/** What a chat message or a piece of one says, in the shapes that backends and clients give it. */
final class ChatText {

    private ChatText() {}

    /** Of {@code content}: a text, or a list with text among its parts; empty when there is none. */
    static String content(JsonNode message) {
        return of(message.path("content"));
    }

    private static String of(JsonNode content) {
        if (content.isString()) {
            return content.stringValue();
        }
        if (!content.isArray()) {
            return "";
        }
        var text = new StringBuilder();
        for (var part : content) {
            text.append(Json.text(part, "text", ""));
        }
        return text.toString();
    }

    /** What the model thought before it spoke; empty when it did not or does not say. */
    static String reasoning(JsonNode message) {
        String text = Json.text(message, "reasoning_content", "");
        if (text.isEmpty()) {
            text = Json.text(message, "reasoning", "");
        }
        if (!text.isEmpty()) {
            return text;
        }
        var parts = new StringBuilder();
        for (var part : Json.items(message, "content")) {
            if ("thinking".equals(Json.text(part, "type"))) {
                var thinking = part.path("thinking");
                parts.append(of(thinking));
            }
        }
        return parts.toString();
    }

    /** The arguments of a call, as text: some servers send the object itself. */
    static String arguments(JsonNode function) {
        var arguments = function.get("arguments");
        if (arguments == null || arguments.isNull()) {
            return "";
        }
        return arguments.isString() ? arguments.stringValue() : Json.text(arguments);
    }
}
