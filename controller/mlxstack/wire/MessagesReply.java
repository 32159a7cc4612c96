package mlxstack.wire;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What an answer in Messages needs of its request, and the envelope that it comes in.
 *
 * @param model as the client named it
 * @param stops the texts that end the answer
 */
record MessagesReply(String model, String id, Thinking thinking, List<String> stops) {

    static MessagesReply to(JsonNode request, Options options) {
        var stops = new ArrayList<String>();
        Json.items(request, "stop_sequences").forEach(stop -> stops.add(stop.asString("")));
        return new MessagesReply(
                Json.text(request, "model", ""),
                options.id(),
                Thinking.asked(request.path("thinking")),
                List.copyOf(stops));
    }

    /** The stop sequence that ended the answer; chat has no word for it, but vLLM has. */
    @Nullable
    String stopped(JsonNode choice) {
        String stop = Json.text(choice, "stop_reason");
        return stop != null && stops.contains(stop) ? stop : null;
    }

    String reason(String finish, boolean calls, @Nullable String stop) {
        return stop != null ? "stop_sequence" : StopReasons.messages(finish, calls);
    }

    ObjectNode message(ArrayNode content, @Nullable String reason, @Nullable String stop, Usage usage) {
        var message = Json.object()
                .put("id", "msg_" + id)
                .put("type", "message")
                .put("role", "assistant")
                .put("model", model);
        message.set("content", content);
        message.put("stop_reason", reason).put("stop_sequence", stop);
        message.set("usage", Usages.messages(usage));
        return message;
    }

    /** The whole of a chat completion. */
    ObjectNode whole(ObjectNode chat) throws BadAnswer {
        var choice = chat.path("choices").path(0);
        var said = choice.path("message");
        if (!said.isObject()) {
            String error = ErrorText.in(chat);
            throw new BadAnswer(error == null ? "the endpoint sent a completion without a message" : error);
        }
        var content = Json.array();
        String reasoning = ChatText.reasoning(said);
        if (thinking.shown() && !reasoning.isEmpty()) {
            content.addObject()
                    .put("type", "thinking")
                    .put("thinking", thinking.omitted() ? "" : reasoning)
                    .put("signature", thinking.signature(reasoning));
        }
        String refusal = Json.text(said, "refusal", "");
        String text = ChatText.content(said) + refusal;
        if (!text.isBlank()) {
            content.addObject().put("type", "text").put("text", text);
        }
        boolean calls = calls(said, content);
        String stop = stopped(choice);
        String finish = refusal.isEmpty() ? Json.text(choice, "finish_reason", "") : "content_filter";
        var usage = Usages.of(Dialect.CHAT, chat.get("usage"));
        return message(content, reason(finish, calls, stop), stop, usage == null ? Usage.NONE : usage);
    }

    private boolean calls(JsonNode said, ArrayNode content) {
        int i = 0;
        for (var call : Json.items(said, "tool_calls")) {
            call(content, Json.text(call, "id", "toolu_" + id + "_" + i), call.path("function"));
            i++;
        }
        var legacy = Json.object(said, "function_call");
        if (legacy != null) {
            call(content, "toolu_" + id, legacy);
            i++;
        }
        return i > 0;
    }

    private static void call(ArrayNode content, String id, JsonNode function) {
        String arguments = ChatText.arguments(function);
        var block =
                content.addObject().put("type", "tool_use").put("id", id).put("name", Json.text(function, "name", ""));
        var input = arguments.isBlank() ? Json.object() : Json.parsed(arguments);
        // What is no object goes to the tool as it is, whose complaint the model can read.
        block.set("input", input instanceof ObjectNode ? input : Json.object().put("arguments", arguments));
    }
}
