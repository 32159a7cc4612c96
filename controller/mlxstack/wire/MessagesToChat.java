package mlxstack.wire;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * A client that speaks Messages (Claude Code) and a backend that speaks chat completions. Made from the client's request,
 * used for one attempt, by one thread.
 */
public final class MessagesToChat implements Translation {

    private final ObjectNode chat;
    private final MessagesReply reply;
    private @Nullable MessagesStream stream;

    private MessagesToChat(ObjectNode chat, MessagesReply reply) {
        this.chat = chat;
        this.reply = reply;
    }

    /**
     * @param upstreamModel the backend's own name for the model
     * @throws BadRequest what of it has no meaning in chat completions, or in Messages; {@code thread} too
     */
    public static MessagesToChat of(byte[] body, int length, String upstreamModel, Options options) throws BadRequest {
        var request = Json.request(body, length);
        var reply = MessagesReply.to(request, options);
        return new MessagesToChat(MessagesRequest.chat(request, upstreamModel, options), reply);
    }

    @Override
    public Operation operation() {
        return Operation.CHAT_COMPLETIONS;
    }

    @Override
    public byte[] request() {
        return Json.bytes(chat);
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

    private MessagesStream stream() {
        var running = stream == null ? new MessagesStream(reply) : stream;
        stream = running;
        return running;
    }
}
