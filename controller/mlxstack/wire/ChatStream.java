package mlxstack.wire;

import java.util.HashMap;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** A stream of Messages, as one of chat completions. Confined to one translation. */
final class ChatStream {

    private final SseWriter out = new SseWriter();
    private final ChatReply reply;
    private final MessagesProgress progress = new MessagesProgress();
    private final Map<Long, Call> calls = new HashMap<>();
    private int begun;
    private String stop = "";
    private boolean started;

    ChatStream(ChatReply reply) {
        this.reply = reply;
    }

    /**
     * @param index among the calls, which is not that of the block
     * @param input what the block began with; counts when no pieces follow
     */
    private record Call(int index, String input) {}

    byte[] frame(Frame frame) throws BadAnswer {
        if (frame.data().isEmpty()) {
            return out.take();
        }
        progress.seen(frame);
        String error = progress.error();
        if (error != null) {
            throw new BadAnswer(error);
        }
        var event = Json.data(frame);
        long block = Json.number(event, "index", 0);
        switch (Json.text(event, "type", frame.event() == null ? "" : frame.event())) {
            case "message_start" -> start();
            case "content_block_start" -> begin(block, event.path("content_block"));
            case "content_block_delta" -> add(block, event.path("delta"));
            case "content_block_stop" -> {
                var call = calls.remove(block);
                if (call != null) {
                    arguments(call, call.input);
                }
            }
            case "message_delta" -> stop = Json.text(event.path("delta"), "stop_reason", stop);
            default -> {
                // A ping, or something new.
            }
        }
        return out.take();
    }

    private void start() {
        if (!started) {
            started = true;
            out.event(null, reply.chunk(Json.object().put("role", "assistant").put("content", ""), null));
        }
    }

    private void begin(long index, JsonNode block) {
        start();
        switch (Json.text(block, "type", "")) {
            case "text" -> piece("content", Json.text(block, "text", ""));
            case "thinking" -> piece("reasoning_content", Json.text(block, "thinking", ""));
            case "tool_use" -> {
                var input = block.path("input");
                var call = new Call(begun++, input.isEmpty() ? "{}" : Json.text(input));
                calls.put(index, call);
                var delta = Json.object();
                delta.putArray("tool_calls")
                        .addObject()
                        .put("index", call.index)
                        .put("id", Json.text(block, "id", ""))
                        .put("type", "function")
                        .putObject("function")
                        .put("name", Json.text(block, "name", ""))
                        .put("arguments", "");
                out.event(null, reply.chunk(delta, null));
            }
            default -> {
                // What Anthropic's servers do on their own has no word in chat.
            }
        }
    }

    private void add(long index, JsonNode delta) {
        switch (Json.text(delta, "type", "")) {
            case "text_delta" -> piece("content", Json.text(delta, "text", ""));
            case "thinking_delta" -> piece("reasoning_content", Json.text(delta, "thinking", ""));
            case "input_json_delta" -> {
                var call = calls.get(index);
                String piece = Json.text(delta, "partial_json", "");
                if (call != null && !piece.isEmpty()) {
                    calls.put(index, new Call(call.index, ""));
                    arguments(call, piece);
                }
            }
            default -> {
                // Signatures and citations have no word in chat.
            }
        }
    }

    private void piece(String field, String text) {
        if (!text.isEmpty()) {
            out.event(null, reply.chunk(Json.object().put(field, text), null));
        }
    }

    private void arguments(Call call, String piece) {
        if (!piece.isEmpty()) {
            var delta = Json.object();
            delta.putArray("tool_calls")
                    .addObject()
                    .put("index", call.index)
                    .putObject("function")
                    .put("arguments", piece);
            out.event(null, reply.chunk(delta, null));
        }
    }

    byte[] end() {
        start();
        out.event(null, reply.chunk(Json.object(), StopReasons.chat(stop)));
        if (reply.counts()) {
            var usage = progress.usage();
            var chunk = reply.envelope("chat.completion.chunk");
            chunk.putArray("choices");
            chunk.set("usage", Usages.chat(usage == null ? Usage.NONE : usage));
            out.event(null, chunk);
        }
        out.data("[DONE]");
        return out.take();
    }
}
