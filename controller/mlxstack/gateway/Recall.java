package mlxstack.gateway;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import mlxstack.wire.ApiError;
import mlxstack.wire.BadRequest;
import mlxstack.wire.Conversations;

/** Answers {@code GET} and {@code DELETE} of what {@code /v1/responses} has answered before. Event loop only. */
final class Recall {

    static final String PATH = "/v1/responses/";

    private static final String ITEMS = "/input_items";

    private final Conversations conversations;

    Recall(Conversations conversations) {
        this.conversations = conversations;
    }

    /** @param owner the name of the key; empty without keys */
    void serve(HttpServerRequest request, String path, String owner) {
        String id = path.substring(PATH.length());
        try {
            byte[] body = switch (request.method().name()) {
                case "GET" ->
                    id.endsWith(ITEMS)
                            ? conversations.inputItems(owner, id.substring(0, id.length() - ITEMS.length()))
                            : conversations.response(owner, id);
                case "DELETE" -> conversations.delete(owner, id);
                default ->
                    throw new BadRequest(ApiError.invalid(
                            405,
                            "method_not_allowed",
                            null,
                            "found %s %s; expected GET or DELETE".formatted(request.method(), PATH + "{id}")));
            };
            request.response().putHeader("Content-Type", "application/json").end(Buffer.buffer(body));
        } catch (BadRequest e) {
            Front.refuse(request, e.error());
        }
    }
}
