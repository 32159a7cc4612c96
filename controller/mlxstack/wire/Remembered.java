package mlxstack.wire;

import java.util.function.Consumer;
import tools.jackson.databind.node.ObjectNode;

/**
 * Responses for a backend that speaks them and remembers none: what it answers is passed as it is, and noted on the way,
 * so that the client can go on from it.
 */
final class Remembered implements Translation {

    private static final byte[] NOTHING = {};

    private final byte[] request;
    private final Consumer<ObjectNode> whole;

    /**
     * @param request goes back to nothing that the backend would have to know
     * @param whole is given the answer when it has come to its end
     */
    Remembered(byte[] request, Consumer<ObjectNode> whole) {
        this.request = request;
        this.whole = whole;
    }

    @Override
    public Operation operation() {
        return Operation.RESPONSES;
    }

    @Override
    public byte[] request() {
        return request;
    }

    @Override
    public byte[] answer(byte[] body) {
        try {
            whole.accept(Json.answer(body));
        } catch (BadAnswer _) {
            // The client may know what it is.
        }
        return body;
    }

    @Override
    public byte[] frame(Frame frame) {
        String data = frame.data();
        if (frame.event() == null && data.isEmpty()) {
            return NOTHING;
        }
        // Escaped quotes keep a model's own words from looking like this.
        if (data.contains("\"response.completed\"") || data.contains("\"response.incomplete\"")) {
            var event = Json.parsed(data);
            var response = event == null ? null : Json.object(event, "response");
            if (response != null) {
                whole.accept(response);
            }
        }
        return SseWriter.bytes(frame);
    }

    /** The backend's own end was passed on. */
    @Override
    public byte[] end() {
        return NOTHING;
    }
}
