package mlxstack.wire;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Of a stream of Messages. */
final class MessagesProgress extends StreamProgress {

    /** Of {@code message_start}, and over it what {@code message_delta} says; null before either. */
    private @Nullable ObjectNode counts;

    @Override
    public void seen(Frame frame) {
        String data = frame.data();
        String event = frame.event();
        boolean delta = "content_block_delta".equals(event);
        if (data.isEmpty() || "ping".equals(event) || "content_block_stop".equals(event) || (delta && hasContent())) {
            return;
        }
        var json = json(data);
        if (json == null) {
            if ("error".equals(event)) {
                failed(ErrorText.shortened(data));
            }
            return;
        }
        switch (Json.text(json, "type", event == null ? "" : event)) {
            case "message_start" -> counted(json.path("message").get("usage"));
            case "content_block_start" -> content(begins(json.path("content_block")));
            case "content_block_delta" -> content(adds(json.path("delta")));
            case "message_delta" -> counted(json.get("usage"));
            case "message_stop" -> complete();
            case "error" -> {
                String error = ErrorText.in(json);
                failed(error == null ? ErrorText.shortened(data) : error);
            }
            default -> {
                // Events that are new to us tell nothing that counts here.
            }
        }
    }

    /** A call shows by its name, text only once there is some. */
    private static boolean begins(JsonNode block) {
        return switch (Json.text(block, "type", "")) {
            case "text" -> filled(block, "text");
            case "thinking" -> filled(block, "thinking");
            case "" -> false;
            default -> true;
        };
    }

    private static boolean adds(JsonNode delta) {
        return filled(delta, "text") || filled(delta, "thinking") || filled(delta, "partial_json");
    }

    private void counted(@Nullable JsonNode usage) {
        if (!(usage instanceof ObjectNode object)) {
            return;
        }
        if (counts == null) {
            counts = Json.object();
        }
        var all = counts;
        object.forEachEntry((name, value) -> {
            if (!value.isNull()) {
                all.set(name, value);
            }
        });
    }

    @Override
    public @Nullable Usage usage() {
        return Usages.of(Dialect.MESSAGES, counts);
    }
}
