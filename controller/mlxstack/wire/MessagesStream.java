package mlxstack.wire;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** A stream of chat completions, as one of Messages. Confined to one translation. */
final class MessagesStream {

    private final SseWriter out = new SseWriter();
    private final MessagesReply reply;
    private final MessagesBlocks blocks;
    private final CallKeys keys = new CallKeys();
    private boolean started;
    private Usage usage = Usage.NONE;
    private String finish = "";
    private @Nullable String stop;

    MessagesStream(MessagesReply reply) {
        this.reply = reply;
        blocks = new MessagesBlocks(out, reply.thinking(), reply.id());
    }

    byte[] frame(Frame frame) throws BadAnswer {
        if (frame.data().isEmpty()) {
            if (started) {
                ping();
            }
            return out.take();
        }
        if (frame.data().startsWith("[DONE]")) {
            return out.take();
        }
        var chunk = Json.data(frame);
        if (Json.has(chunk, "error") || "error".equals(frame.event())) {
            String why = ErrorText.in(chunk);
            throw new BadAnswer(why == null ? frame.data() : why);
        }
        start();
        for (var choice : Json.items(chunk, "choices")) {
            if (Json.number(choice, "index", 0) == 0) {
                choice(choice);
            }
        }
        var counted = Usages.of(Dialect.CHAT, chunk.get("usage"));
        usage = counted != null ? counted : usage;
        return out.take();
    }

    private void choice(JsonNode choice) {
        var delta = choice.path("delta");
        String reasoning = ChatText.reasoning(delta);
        if (!reasoning.isEmpty()) {
            blocks.thinking(reasoning);
        }
        String text = ChatText.content(delta) + Json.text(delta, "refusal", "");
        if (!text.isEmpty()) {
            blocks.text(text);
        }
        for (var call : Json.items(delta, "tool_calls")) {
            var function = call.path("function");
            String id = Json.text(call, "id");
            blocks.call(keys.of(call), id, Json.text(function, "name"), ChatText.arguments(function));
        }
        var legacy = Json.object(delta, "function_call");
        if (legacy != null) {
            blocks.call(0, "toolu_" + reply.id(), Json.text(legacy, "name"), ChatText.arguments(legacy));
        }
        String reason = Json.text(choice, "finish_reason", "");
        if (!reason.isEmpty()) {
            finish = Json.has(delta, "refusal") ? "content_filter" : reason;
            stop = reply.stopped(choice);
        }
    }

    byte[] end() {
        start();
        blocks.finish();
        var event = Json.object().put("type", "message_delta");
        event.putObject("delta")
                .put("stop_reason", reply.reason(finish, blocks.hasCalls(), stop))
                .put("stop_sequence", stop);
        event.set("usage", Usages.messages(usage));
        out.event("message_delta", event);
        out.event("message_stop", Json.object().put("type", "message_stop"));
        return out.take();
    }

    private void start() {
        if (started) {
            return;
        }
        started = true;
        var event = Json.object().put("type", "message_start");
        event.set("message", reply.message(Json.array(), null, null, Usage.NONE));
        out.event("message_start", event);
        ping();
    }

    private void ping() {
        out.event("ping", Json.object().put("type", "ping"));
    }
}
