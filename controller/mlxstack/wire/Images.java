package mlxstack.wire;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Images and documents: chat has addresses, {@code data:} among them, where Messages have sources. */
final class Images {

    private static final String DATA = "data:";
    private static final String BASE64 = ";base64,";

    private Images() {}

    /** An {@code image} block as a part of a chat message; null when its source is of a kind that chat has no word for. */
    static @Nullable ObjectNode chat(JsonNode block) {
        String url = url(block.path("source"));
        if (url == null) {
            return null;
        }
        var part = Json.object().put("type", "image_url");
        part.putObject("image_url").put("url", url);
        return part;
    }

    /** A {@code document} block that is a file; null when its source is of a kind that chat has no word for. */
    static @Nullable ObjectNode file(JsonNode block) {
        var source = block.path("source");
        if (!"base64".equals(Json.text(source, "type"))) {
            return null;
        }
        var part = Json.object().put("type", "file");
        part.putObject("file")
                .put("filename", Json.text(block, "title", "document"))
                .put("file_data", url(source));
        return part;
    }

    private static @Nullable String url(JsonNode source) {
        return switch (Json.text(source, "type", "")) {
            case "base64" ->
                DATA + Json.text(source, "media_type", "image/png") + BASE64 + Json.text(source, "data", "");
            case "url" -> Json.text(source, "url");
            default -> null;
        };
    }

    /** The block for an {@code image_url} part, or a {@code file} that is a document; null when it is neither. */
    static @Nullable ObjectNode block(JsonNode part) {
        var image = part.get("image_url");
        if (image != null) {
            String url = image.isString() ? image.stringValue() : Json.text(image, "url");
            return url == null ? null : block("image", url);
        }
        var file = Json.object(part, "file");
        String data = file == null ? null : Json.text(file, "file_data");
        if (file == null || data == null) {
            return null;
        }
        var block = block("document", data);
        if (block != null && Json.has(file, "filename")) {
            block.put("title", Json.text(file, "filename", ""));
        }
        return block;
    }

    private static @Nullable ObjectNode block(String type, String url) {
        var block = Json.object().put("type", type);
        var source = block.putObject("source");
        if (!url.startsWith(DATA)) {
            source.put("type", "url").put("url", url);
            return block;
        }
        int comma = url.indexOf(BASE64);
        if (comma < 0) {
            return null;
        }
        source.put("type", "base64")
                .put("media_type", url.substring(DATA.length(), comma))
                .put("data", url.substring(comma + BASE64.length()));
        return block;
    }
}
