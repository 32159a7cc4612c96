package mlxstack.gateway;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.util.List;
import mlxstack.wire.ApiError;
import mlxstack.wire.BadRequest;
import mlxstack.wire.Conversations;
import mlxstack.wire.References;
import org.jspecify.annotations.Nullable;

/** Answers {@code GET} and {@code DELETE} of what {@code /v1/responses} has answered before. Event loop only. */
final class Recall {

    static final String PATH = "/v1/responses/";

    private static final String ITEMS = "/input_items";

    private final Conversations conversations;
    private final AnswerStore answers;
    private final Desk desk;

    Recall(Conversations conversations, AnswerStore answers, Desk desk) {
        this.desk = desk;
        this.conversations = conversations;
        this.answers = answers;
    }

    /**
     * Has what a request goes back to at hand, and then sends it on.
     *
     * @param owner the name of the key; empty without keys
     */
    void bring(String owner, byte[] body, int length, Runnable then) {
        if (answers.hasMore()) {
            answers.bring(owner, References.of(body, length), then);
        } else {
            then.run();
        }
    }

    /** @param key the name of the key it came with; null without one */
    void serve(HttpServerRequest request, String path, @Nullable String key) {
        String owner = key == null ? "" : key;
        String id = path.substring(PATH.length());
        String answer = id.endsWith(ITEMS) ? id.substring(0, id.length() - ITEMS.length()) : id;
        answers.bring(owner, List.of(answer), () -> answer(request, id, answer, key));
    }

    private void answer(HttpServerRequest request, String id, String answer, @Nullable String key) {
        String owner = key == null ? "" : key;
        if (request.response().closed()) {
            return;
        }
        try {
            byte[] body = switch (request.method().name()) {
                case "GET" ->
                    id.equals(answer) ? conversations.response(owner, id) : conversations.inputItems(owner, answer);
                case "DELETE" -> conversations.delete(owner, id);
                default ->
                    throw new BadRequest(ApiError.invalid(
                            405,
                            "method_not_allowed",
                            null,
                            "found %s %s; expected GET or DELETE".formatted(request.method(), PATH + "{id}")));
            };
            desk.answer(request, key, Buffer.buffer(body));
        } catch (BadRequest e) {
            desk.refuse(request, key, e.error());
        }
    }
}
