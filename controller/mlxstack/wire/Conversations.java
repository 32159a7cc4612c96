package mlxstack.wire;

import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Lets clients of Responses go on from an answer by its id: the backend is asked the whole history each time, so that any
 * of them will do. Also what is asked about an answer by its id. Confined to one thread.
 */
public final class Conversations {

    private static final String PREVIOUS = References.PREVIOUS;

    private final ResponseStore store;

    public Conversations(ResponseStore store) {
        this.store = store;
    }

    /** Whether the request has to be {@linkplain #continued} even for a backend that speaks Responses itself. */
    public static boolean refersBack(JsonFields fields) {
        return fields.text(PREVIOUS) != null;
    }

    /** Whether the answer to it has to be {@linkplain #keeper kept}. */
    public static boolean isKept(JsonFields fields) {
        return !fields.isFalse("store");
    }

    /**
     * The request with all that was said before as its input, and the items it refers to in their places. Its
     * instructions alone count, as OpenAI has it.
     *
     * @param request is not changed; given back itself when it refers to nothing
     * @param owner the name of the key; empty without keys
     * @throws BadRequest what it refers to is not kept
     */
    public ObjectNode continued(ObjectNode request, String owner) throws BadRequest {
        String previous = Json.text(request, PREVIOUS);
        if (previous == null && !hasReference(request.path("input"))) {
            return request;
        }
        var input = previous == null ? Json.array() : history(previous, owner);
        var said = ids(input);
        for (JsonNode item : asItems(request.path("input"))) {
            if (!References.is(item)) {
                input.add(item);
            } else if (!said.contains(Json.text(item, "id", ""))) {
                input.add(referred(Json.text(item, "id", ""), owner));
            }
        }
        var whole = request.objectNode();
        whole.setAll(request);
        whole.set("input", input);
        return whole;
    }

    private ArrayNode history(String previous, String owner) throws BadRequest {
        var history = store.history(owner, previous);
        if (history.isEmpty()) {
            throw new BadRequest(ApiError.invalid(
                    400,
                    "previous_response_not_found",
                    PREVIOUS,
                    "Previous response with id '%s' not found. Answers to requests with \"store\": false are not kept,"
                                    .formatted(previous)
                            + " and old ones make room for new ones: send the whole history in \"input\"."));
        }
        var input = Json.array();
        for (var kept : history) {
            addAll(input, json(kept.input()));
            addAll(input, output(kept));
        }
        return input;
    }

    private static JsonNode output(ResponseStore.Kept kept) {
        return json(kept.response()).path("output");
    }

    private static JsonNode json(String text) {
        var node = Json.parsed(text);
        return node == null ? Json.object() : node;
    }

    private static void addAll(ArrayNode to, JsonNode items) {
        if (items instanceof ArrayNode array) {
            to.addAll(array);
        }
    }

    private static boolean hasReference(JsonNode input) {
        for (JsonNode item : input) {
            if (References.is(item)) {
                return true;
            }
        }
        return false;
    }

    private static Set<String> ids(ArrayNode items) {
        var ids = new HashSet<String>();
        for (JsonNode item : items) {
            ids.add(Json.text(item, "id", ""));
        }
        return ids;
    }

    private JsonNode referred(String id, String owner) throws BadRequest {
        String answer = References.answerOf(id);
        var kept = answer == null ? null : store.find(owner, answer);
        if (kept != null) {
            for (JsonNode item : output(kept)) {
                if (id.equals(Json.text(item, "id"))) {
                    return item;
                }
            }
        }
        throw new BadRequest(ApiError.invalid(
                404, null, "input", "item with id '%s' not found; send the item itself".formatted(id)));
    }

    private static ArrayNode asItems(JsonNode input) {
        if (input instanceof ArrayNode items) {
            return items;
        }
        var items = Json.array();
        if (input.isString()) {
            items.addObject().put("type", "message").put("role", "user").set("content", input);
        }
        return items;
    }

    /**
     * Keeps the answer that it is given, unless that failed or the client does not want it kept.
     *
     * @param request as the client sent it, without the history
     */
    public Consumer<ObjectNode> keeper(ObjectNode request, String owner) {
        if (!ResponsesAnswer.isKept(request)) {
            return _ -> {};
        }
        String input = Json.text(asItems(request.path("input")));
        String previous = Json.text(request, PREVIOUS);
        return response -> {
            String id = Json.text(response, "id", "");
            if (!id.isEmpty() && !Json.text(response, "status", "").equals("failed")) {
                store.keep(new ResponseStore.Kept(id, owner, previous, input, Json.text(response)));
            }
        };
    }

    /** The body of {@code GET /v1/responses/{id}}. */
    public byte[] response(String owner, String id) throws BadRequest {
        var kept = store.find(owner, id);
        return found(kept, id).response().getBytes(StandardCharsets.UTF_8);
    }

    /** The body of {@code GET /v1/responses/{id}/input_items}, the newest first. */
    public byte[] inputItems(String owner, String id) throws BadRequest {
        var kept = found(store.find(owner, id), id);
        var list = Json.object().put("object", "list");
        var data = list.putArray("data");
        for (JsonNode item : json(kept.input())) {
            data.insert(0, item);
        }
        list.set("first_id", idOf(data.path(0)));
        list.set("last_id", idOf(data.path(data.size() - 1)));
        return Json.bytes(list.put("has_more", false));
    }

    private static JsonNode idOf(JsonNode item) {
        var id = item.path("id");
        return id.isString() ? id : Json.object().nullNode();
    }

    /** The body of the answer to {@code DELETE /v1/responses/{id}}. */
    public byte[] delete(String owner, String id) throws BadRequest {
        if (!store.delete(owner, id)) {
            throw notFound(id);
        }
        return Json.bytes(Json.object().put("id", id).put("object", "response").put("deleted", true));
    }

    private static ResponseStore.Kept found(ResponseStore.@Nullable Kept kept, String id) throws BadRequest {
        if (kept == null) {
            throw notFound(id);
        }
        return kept;
    }

    private static BadRequest notFound(String id) {
        return new BadRequest(ApiError.invalid(404, null, null, "Response with id '%s' not found.".formatted(id)));
    }
}
