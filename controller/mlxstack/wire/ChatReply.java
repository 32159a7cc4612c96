package mlxstack.wire;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What an answer in chat needs of its request, and the envelope that it comes in.
 *
 * @param model as the client named it
 * @param counts whether a stream ends with the usage
 */
record ChatReply(String model, String id, long createdAt, boolean counts) {

    static ChatReply to(JsonNode request, Options options) {
        return new ChatReply(
                Json.text(request, "model", ""),
                options.id(),
                options.createdAt(),
                Json.flag(request.path("stream_options"), "include_usage"));
    }

    ObjectNode envelope(String object) {
        return Json.object()
                .put("id", "chatcmpl-" + id)
                .put("object", object)
                .put("created", createdAt)
                .put("model", model);
    }

    /** The whole of a message. */
    ObjectNode whole(ObjectNode message) throws BadAnswer {
        var content = message.path("content");
        if (!content.isArray()) {
            String error = ErrorText.in(message);
            throw new BadAnswer(error == null ? "the endpoint sent a message without content" : error);
        }
        var text = new StringBuilder();
        var thinking = new StringBuilder();
        var calls = Json.array();
        for (var block : content) {
            switch (Json.text(block, "type", "")) {
                case "text" -> text.append(Json.text(block, "text", ""));
                case "thinking" -> thinking.append(Json.text(block, "thinking", ""));
                case "tool_use" -> {
                    var call = calls.addObject()
                            .put("id", Json.text(block, "id", ""))
                            .put("type", "function");
                    call.putObject("function")
                            .put("name", Json.text(block, "name", ""))
                            .put("arguments", Json.text(block.path("input")));
                }
                default -> {
                    // What Anthropic's servers did on their own has no word in chat.
                }
            }
        }
        var whole = envelope("chat.completion");
        var choice = whole.putArray("choices").addObject().put("index", 0);
        var said = choice.putObject("message").put("role", "assistant");
        said.put("content", text.isEmpty() && !calls.isEmpty() ? null : text.toString());
        said.putNull("refusal");
        if (!thinking.isEmpty()) {
            said.put("reasoning_content", thinking.toString());
        }
        if (!calls.isEmpty()) {
            said.set("tool_calls", calls);
        }
        choice.putNull("logprobs");
        choice.put("finish_reason", StopReasons.chat(Json.text(message, "stop_reason", "")));
        var usage = Usages.of(Dialect.MESSAGES, message.get("usage"));
        whole.set("usage", Usages.chat(usage == null ? Usage.NONE : usage));
        return whole;
    }

    /** One chunk of a stream. */
    ObjectNode chunk(ObjectNode delta, @Nullable String finish) {
        var chunk = envelope("chat.completion.chunk");
        var choice = chunk.putArray("choices").addObject().put("index", 0);
        choice.set("delta", delta);
        choice.putNull("logprobs");
        choice.put("finish_reason", finish);
        if (counts) {
            chunk.putNull("usage");
        }
        return chunk;
    }
}
