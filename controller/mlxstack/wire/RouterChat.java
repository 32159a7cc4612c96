package mlxstack.wire;

import java.nio.charset.StandardCharsets;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * MLX Router's own {@code POST /v1/chat}: a chat that names a class of models ({@code classify}, {@code code},
 * {@code reason}, {@code audit}, or whatever the routes match) instead of a model, and may ask with a mere
 * {@code prompt}. The answer is that of chat completions with what MLX Router says beside it: {@code content},
 * {@code model_class} and {@code backend}.
 */
public final class RouterChat implements Translation {

    /** Routed as {@link Operation#CHAT_COMPLETIONS}, but never passed through as it is. */
    public static final String PATH = "/v1/chat";

    private static final byte[] NOTHING = {};
    private static final Set<String> OWN = Set.of("model_class", "model", "prompt", "system", "messages");

    private final byte[] request;
    private final String modelClass;
    private final String backend;

    /**
     * @param request as the client sent it; not changed
     * @param model as the backend calls it
     * @param backend its name in the stack
     * @throws BadRequest nothing is asked
     */
    public RouterChat(ObjectNode request, String model, String backend) throws BadRequest {
        this.modelClass = Json.text(request, "model_class", "");
        this.backend = backend;
        this.request = Json.bytes(chat(request, model));
    }

    private static ObjectNode chat(ObjectNode request, String model) throws BadRequest {
        var chat = Json.object().put("model", model);
        var messages = chat.putArray("messages");
        String system = Json.text(request, "system", "");
        if (!system.isEmpty()) {
            messages.addObject().put("role", "system").put("content", system);
        }
        for (JsonNode message : Json.items(request, "messages")) {
            messages.add(message);
        }
        String prompt = Json.text(request, "prompt", "");
        if (!prompt.isEmpty()) {
            messages.addObject().put("role", "user").put("content", prompt);
        }
        if (prompt.isEmpty() && request.path("messages").isEmpty()) {
            throw new BadRequest(ApiError.invalid(
                    400, null, "messages", "found neither \"messages\" nor a \"prompt\" in the request"));
        }
        request.forEachEntry((name, value) -> {
            if (!OWN.contains(name)) {
                chat.set(name, value);
            }
        });
        return chat;
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
        var answer = Json.answer(body);
        var choices = answer.path("choices");
        if (choices.isEmpty()) {
            throw new BadAnswer("the endpoint's answer has no \"choices\"");
        }
        String content =
                ResponsesContent.answerText(choices.path(0).path("message").path("content"));
        return Json.bytes(
                answer.put("content", content).put("model_class", modelClass).put("backend", backend));
    }

    @Override
    public byte[] frame(Frame frame) {
        return frame.data().isEmpty() ? NOTHING : SseWriter.bytes(frame);
    }

    /** The backend's own end was passed on. */
    @Override
    public byte[] end() {
        return NOTHING;
    }

    @Override
    public byte[] failed(ApiError error, Dialect client) {
        return error.frame(Dialect.CHAT).getBytes(StandardCharsets.UTF_8);
    }
}
