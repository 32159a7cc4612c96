package mlxstack.wire;

import java.util.function.Consumer;
import tools.jackson.databind.node.ObjectNode;

/** A client of Responses, such as Codex, and a backend that speaks chat completions. */
public final class ResponsesToChat implements Translation {

    private static final String DONE = "[DONE]";

    private final byte[] request;
    private final ResponsesStream stream;
    private final Consumer<ObjectNode> whole;

    /**
     * @param request as the client sent it, but with its whole history ({@link Conversations#continued}); not changed
     * @param model as the backend calls it
     * @param whole is given the answer when it has come to its end
     * @throws BadRequest what cannot be asked of a chat
     */
    public ResponsesToChat(ObjectNode request, String model, Options options, Consumer<ObjectNode> whole)
            throws BadRequest {
        var tools = new ResponsesTools(request.path("tools"));
        this.request = Json.bytes(ResponsesRequest.chat(request, model, tools, options));
        this.stream = new ResponsesStream(new ResponsesAnswer(request, options), tools, options.id());
        this.whole = whole;
    }

    @Override
    public Operation operation() {
        return Operation.CHAT_COMPLETIONS;
    }

    @Override
    public byte[] request() {
        return request;
    }

    @Override
    public byte[] answer(byte[] body) throws BadAnswer {
        var chat = Json.answer(body);
        if (!Json.items(chat, "choices").iterator().hasNext()) {
            throw new BadAnswer("the endpoint's answer has no \"choices\"");
        }
        stream.chunk(chat);
        var response = stream.end();
        stream.take();
        whole.accept(response);
        return Json.bytes(response);
    }

    @Override
    public byte[] frame(Frame frame) throws BadAnswer {
        if (!frame.data().isEmpty() && !frame.data().strip().equals(DONE)) {
            stream.chunk(Json.data(frame));
        }
        return stream.take();
    }

    @Override
    public byte[] end() {
        whole.accept(stream.end());
        return stream.take();
    }

    @Override
    public byte[] failed(ApiError error, Dialect client) {
        stream.failed(error);
        return stream.take();
    }
}
