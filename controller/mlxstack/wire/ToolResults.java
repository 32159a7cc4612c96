package mlxstack.wire;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** What came of a call: a message of role {@code tool} in chat, a block of the user's turn in Messages. */
final class ToolResults {

    private static final String ERROR = "Error: ";

    private ToolResults() {}

    /**
     * The message for a {@code tool_result} block.
     *
     * @param images gets those that the result has: chat's tools answer in text only
     */
    static ObjectNode chat(JsonNode block, Content images) {
        var content = block.path("content");
        var text = new Content();
        text.text(content.isString() ? content.stringValue() : "");
        for (var part : Json.items(block, "content")) {
            String type = Json.text(part, "type", "");
            var image = type.equals("image") ? Images.chat(part) : null;
            if (image != null) {
                images.part(image);
            } else if (type.equals("text")) {
                text.text(Json.text(part, "text", ""));
            } else {
                text.text(Json.text(part));
            }
        }
        String said = text.node().asString();
        boolean failed =
                Json.flag(block, "is_error") && !said.startsWith("Error") && !said.startsWith("<tool_use_error>");
        return Json.object()
                .put("role", "tool")
                .put("tool_call_id", Json.text(block, "tool_use_id", ""))
                .put("content", failed ? ERROR + said : said);
    }
}
