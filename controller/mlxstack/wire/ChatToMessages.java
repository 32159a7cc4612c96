package mlxstack.wire;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * A client that speaks chat completions and a backend that speaks Messages alone: Anthropic. Made from the client's
 * request, used for one attempt, by one thread.
 */
public final class ChatToMessages implements Translation {

    private final ObjectNode messages;
    private final ChatReply reply;
    private @Nullable ChatStream stream;

    private ChatToMessages(ObjectNode messages, ChatReply reply) {
        this.messages = messages;
        this.reply = reply;
    }

    /**
     * @param upstreamModel the backend's own name for the model
     * @throws BadRequest what of it has no meaning in Messages, or in chat completions
     */
    public static ChatToMessages of(byte[] body, int length, String upstreamModel, Options options) throws BadRequest {
        var request = Json.request(body, length);
        var reply = ChatReply.to(request, options);
        return new ChatToMessages(ChatRequest.messages(request, upstreamModel, options), reply);
    }

    @Override
    public Operation operation() {
        return Operation.MESSAGES;
    }

    @Override
    public byte[] request() {
        return Json.bytes(messages);
    }

    @Override
    public byte[] answer(byte[] body) throws BadAnswer {
        return Json.bytes(reply.whole(Json.answer(body)));
    }

    @Override
    public byte[] frame(Frame frame) throws BadAnswer {
        return stream().frame(frame);
    }

    @Override
    public byte[] end() {
        return stream().end();
    }

    private ChatStream stream() {
        var running = stream == null ? new ChatStream(reply) : stream;
        stream = running;
        return running;
    }
}
