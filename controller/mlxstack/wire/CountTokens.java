package mlxstack.wire;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Answers {@code /v1/messages/count_tokens} without asking a backend: clients send two dozen of these at once, and none
 * may wait behind an answer that is being written. How far it may be off: {@link TokenEstimate}.
 */
public final class CountTokens {

    /** What a chat template puts around each message, and at the end. */
    private static final int MESSAGE = 4;

    private static final int END = 3;
    /** Around the description of a tool, beside its JSON. */
    private static final int TOOL = 8;
    /** A page of a PDF is about 50 KB and counts as text and as image. */
    private static final int DOCUMENT_BYTES_A_TOKEN = 25;

    private CountTokens() {}

    /** Of the body of a request.
     *
     * @throws BadRequest when it is not JSON or has no messages */
    public static long count(byte[] body, int length) throws BadRequest {
        var request = Json.request(body, length);
        if (!(request.get("messages") instanceof ArrayNode)) {
            throw MessagesTurns.bad("messages", "expected a list");
        }
        return of(request);
    }

    private static long of(ObjectNode request) {
        long tokens = END + content(request.path("system"));
        for (var message : Json.items(request, "messages")) {
            tokens += MESSAGE + content(message.path("content"));
        }
        for (var tool : Json.items(request, "tools")) {
            tokens += TOOL
                    + TokenEstimate.text(Json.text(tool, "name", ""))
                    + TokenEstimate.text(Json.text(tool, "description", ""))
                    + json(tool.path("input_schema"));
        }
        return tokens;
    }

    private static long content(JsonNode content) {
        if (content.isString()) {
            return TokenEstimate.text(content.stringValue());
        }
        long tokens = 0;
        for (var block : content) {
            tokens += block(block);
        }
        return tokens;
    }

    private static long block(JsonNode block) {
        String data = Json.text(block.path("source"), "data", "");
        return switch (Json.text(block, "type", "")) {
            case "text" -> TokenEstimate.text(Json.text(block, "text", ""));
            // Earlier thinking is mostly left out of the prompt again.
            case "thinking", "redacted_thinking" -> 0;
            case "image" -> data.isEmpty() ? TokenEstimate.IMAGE : ImageTokens.of(data);
            case "document" -> document(block.path("source"), data);
            case "tool_use" -> MESSAGE + TokenEstimate.text(Json.text(block, "name", "")) + json(block.path("input"));
            case "tool_result" -> MESSAGE + content(block.path("content"));
            default -> json(block);
        };
    }

    private static long document(JsonNode source, String data) {
        return switch (Json.text(source, "type", "")) {
            case "text" -> TokenEstimate.text(data);
            case "base64" -> data.length() / DOCUMENT_BYTES_A_TOKEN;
            case "content" -> content(source.path("content"));
            default -> TokenEstimate.IMAGE;
        };
    }

    private static long json(JsonNode node) {
        if (node.isMissingNode() || node.isEmpty()) {
            return 0;
        }
        byte[] bytes = Json.bytes(node);
        return TokenEstimate.body(bytes, bytes.length);
    }
}
