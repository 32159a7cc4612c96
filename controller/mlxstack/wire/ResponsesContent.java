package mlxstack.wire;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The contents of Responses' messages and tool outputs as a chat's. Stateless. */
final class ResponsesContent {

    private ResponsesContent() {}

    /** Text where there is nothing else, as some templates want it; else a list of parts. */
    static JsonNode of(JsonNode content) throws BadRequest {
        var parts = Json.array();
        var text = new StringBuilder();
        boolean textOnly = true;
        if (content.isString()) {
            return content;
        }
        for (JsonNode item : content) {
            var part = part(item);
            if (part == null) {
                continue;
            }
            textOnly &= Json.text(part, "type", "").equals("text");
            SystemMessages.add(text, Json.text(part, "text", ""));
            parts.add(part);
        }
        return textOnly ? parts.stringNode(text.toString()) : parts;
    }

    /** What is not text, for those who take text only. */
    static ArrayNode media(JsonNode content) throws BadRequest {
        var media = Json.array();
        if (content instanceof ArrayNode array) {
            for (JsonNode item : array) {
                var part = part(item);
                if (part != null && !Json.text(part, "type", "").equals("text")) {
                    media.add(part);
                }
            }
        }
        return media;
    }

    /** All of its text without a gap, as an answer comes in pieces. */
    static String answerText(JsonNode content) {
        if (content.isString()) {
            return content.stringValue();
        }
        var text = new StringBuilder();
        for (JsonNode part : content) {
            text.append(Json.text(part, "text", Json.text(part, "refusal", "")));
        }
        return text.toString();
    }

    /** Null when it carries nothing for a model. */
    private static @Nullable ObjectNode part(JsonNode item) throws BadRequest {
        if (item.isString()) {
            return text(item.stringValue());
        }
        String type = Json.text(item, "type", "");
        return switch (type) {
            case "input_text", "output_text", "text", "summary_text", "reasoning_text" ->
                text(Json.text(item, "text", ""));
            case "refusal" -> text(Json.text(item, "refusal", ""));
            case "input_image", "image_url" -> image(item);
            case "input_file", "file" -> file(item);
            case "input_audio" -> Json.object().put("type", type).set("input_audio", item.path(type));
            case "encrypted_content" -> null;
            default ->
                throw invalid(
                        "found content of type \"%s\"; expected input_text, input_image, input_file or input_audio"
                                .formatted(type));
        };
    }

    private static ObjectNode text(String text) {
        return Json.object().put("type", "text").put("text", text);
    }

    private static ObjectNode image(JsonNode item) throws BadRequest {
        var given = item.path("image_url");
        String url = given.isString() ? given.stringValue() : Json.text(given, "url");
        if (url == null) {
            throw invalid("found an image without \"image_url\"; a \"file_id\" names a file that is not kept here:"
                    + " send the image as a data: URL");
        }
        var part = Json.object().put("type", "image_url");
        var image = part.putObject("image_url").put("url", url);
        String detail = Json.text(item, "detail", Json.text(given, "detail", "auto"));
        if (!detail.equals("auto")) {
            image.put("detail", detail);
        }
        return part;
    }

    private static ObjectNode file(JsonNode item) throws BadRequest {
        JsonNode given = item.path("file").isObject() ? item.path("file") : item;
        String data = Json.text(given, "file_data");
        if (data == null) {
            throw invalid(
                    "found a file without \"file_data\"; files are neither kept nor fetched here: send its content");
        }
        var part = Json.object().put("type", "file");
        var file = part.putObject("file");
        String name = Json.text(given, "filename");
        if (name != null) {
            file.put("filename", name);
        }
        file.put("file_data", data);
        return part;
    }

    static BadRequest invalid(String message) {
        return new BadRequest(ApiError.invalid(400, null, "input", message));
    }
}
