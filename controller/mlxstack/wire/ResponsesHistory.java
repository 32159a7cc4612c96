package mlxstack.wire;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The items of a Responses request as the messages of a chat. What the assistant said and called before it was answered
 * is one turn, whatever the order of the items; each call's output follows the turn it belongs to, even when the user
 * spoke in between. For one request; confined to one thread.
 */
final class ResponsesHistory {

    /** What arguments that are no JSON are wrapped in: many templates read them, and one bad call would end all. */
    private static final String UNREADABLE = "unreadable_arguments";

    /**
     * After a stream that broke, Codex asks again with what had come of it at the end. A chat that ends with the assistant
     * is refused by some servers and taken for the beginning of the answer by others.
     */
    private static final String GO_ON = "Go on.";

    private final ResponsesTools tools;
    private final boolean reasoning;
    private final StringBuilder system = new StringBuilder();
    private final List<Said> said = new ArrayList<>();
    private final Map<String, ResponsesTurn> callers = new HashMap<>();
    private boolean answered;

    sealed interface Said permits User, ResponsesTurn {}

    private record User(JsonNode content) implements Said {}

    /** @param reasoning whether what the assistant thought before is said again */
    ResponsesHistory(ResponsesTools tools, boolean reasoning) {
        this.tools = tools;
        this.reasoning = reasoning;
    }

    void instructions(JsonNode instructions) throws BadRequest {
        if (instructions instanceof ArrayNode items) {
            add(items);
        } else if (instructions.isString()) {
            SystemMessages.add(system, instructions.stringValue());
        }
    }

    /** @param input text or items */
    void add(JsonNode input) throws BadRequest {
        if (input.isString()) {
            user(input);
        } else if (input instanceof ArrayNode items) {
            for (JsonNode item : items) {
                item(item);
            }
        } else if (!input.isMissingNode() && !input.isNull()) {
            throw ResponsesContent.invalid("found an \"input\" that is neither text nor a list of items");
        }
    }

    private void item(JsonNode item) throws BadRequest {
        if (item.isString()) {
            user(item);
            return;
        }
        String type = Json.text(item, "type", Json.text(item, "role") == null ? "" : "message");
        switch (type) {
            case "message" -> message(item);
            case "reasoning" -> thought(item);
            case "function_call" -> call(item, arguments(item.path("arguments")));
            case "custom_tool_call" -> call(item, ResponsesTools.arguments(Json.text(item, "input", "")));
            case "function_call_output", "custom_tool_call_output" -> output(item);
            case "item_reference" ->
                throw new BadRequest(ApiError.invalid(
                        404,
                        null,
                        "input",
                        "item \"%s\" is not kept here; send the item itself".formatted(Json.text(item, "id", ""))));
            case "" -> throw ResponsesContent.invalid("found an item with neither \"type\" nor \"role\"");
            // Tools that only the API's owner runs, and its own compactions: nothing of them is for this model.
            default -> {}
        }
    }

    private void message(JsonNode item) throws BadRequest {
        String role = Json.text(item, "role", "");
        var content = item.path("content");
        switch (role) {
            case "user" -> user(ResponsesContent.of(content));
            case "assistant" -> {
                String text = ResponsesContent.answerText(content);
                if (!text.isEmpty()) {
                    SystemMessages.add(turn().text, text);
                }
            }
            case "system", "developer" -> {
                String text = SystemMessages.text(content);
                if (!answered) {
                    SystemMessages.add(system, text);
                } else if (!text.isBlank()) {
                    user(Json.string(MessagesTurns.reminder(text)));
                }
            }
            default ->
                throw ResponsesContent.invalid(
                        "found a message of role \"%s\"; expected user, assistant, system or developer"
                                .formatted(role));
        }
    }

    /** Many templates want turns to alternate: what a user says in several messages is one. */
    private void user(JsonNode content) {
        if (content.isEmpty() && !content.isString()) {
            return;
        }
        if (!said.isEmpty() && said.getLast() instanceof User(JsonNode before)) {
            said.set(said.size() - 1, new User(SystemMessages.joined(before, content)));
        } else {
            said.add(new User(content));
        }
    }

    private ResponsesTurn turn() {
        answered = true;
        if (!said.isEmpty() && said.getLast() instanceof ResponsesTurn open && !open.isOver()) {
            return open;
        }
        var turn = new ResponsesTurn();
        said.add(turn);
        return turn;
    }

    private void thought(JsonNode item) {
        var text = new StringBuilder();
        for (JsonNode part : Json.items(item, Json.has(item, "content") ? "content" : "summary")) {
            SystemMessages.add(text, Json.text(part, "text", ""));
        }
        if (reasoning && !text.isEmpty()) {
            SystemMessages.add(turn().thought, text.toString());
        }
    }

    private void call(JsonNode item, String arguments) throws BadRequest {
        String id = callId(item);
        String name = Json.text(item, "name");
        if (name == null) {
            throw ResponsesContent.invalid("found a call without a \"name\"");
        }
        var turn = turn();
        callers.put(id, turn);
        turn.called(id, tools.flat(Json.text(item, "namespace"), name), arguments);
    }

    private static String callId(JsonNode item) throws BadRequest {
        String id = Json.text(item, "call_id");
        if (id == null) {
            throw ResponsesContent.invalid("found a call or its output without a \"call_id\"");
        }
        return id;
    }

    private static String arguments(JsonNode given) {
        String text = given.isString() ? given.stringValue() : given.isObject() ? Json.text(given) : "";
        if (text.isBlank()) {
            return "{}";
        }
        var parsed = Json.parsed(text);
        return parsed != null && parsed.isObject()
                ? text
                : Json.text(Json.object().put(UNREADABLE, text));
    }

    private void output(JsonNode item) throws BadRequest {
        String id = callId(item);
        var turn = callers.get(id);
        if (turn == null) {
            throw ResponsesContent.invalid(
                    "found an output for call \"%s\", which no item before it made".formatted(id));
        }
        var output = item.path("output");
        String text = output.isObject() ? Json.text(output) : SystemMessages.text(ResponsesContent.of(output));
        turn.media.addAll(ResponsesContent.media(output));
        turn.answered(id, text);
    }

    /** @throws BadRequest when nothing was said */
    ArrayNode messages() throws BadRequest {
        var messages = Json.array();
        if (!system.isEmpty()) {
            messages.addObject().put("role", "system").put("content", system.toString());
        }
        for (Said one : said) {
            switch (one) {
                case User(JsonNode content) -> say(content, messages);
                case ResponsesTurn turn -> turn.put(messages);
            }
        }
        if (messages.isEmpty()) {
            throw ResponsesContent.invalid("found nothing in \"input\"; expected text or items");
        }
        if (!said.isEmpty() && said.getLast() instanceof ResponsesTurn last && !last.hasCalls()) {
            messages.addObject().put("role", "user").put("content", GO_ON);
        }
        return messages;
    }

    /** What a turn's tools showed is the user's too. */
    private static void say(JsonNode content, ArrayNode messages) {
        var last = messages.isEmpty() ? null : messages.get(messages.size() - 1);
        if (last instanceof ObjectNode before && "user".equals(Json.text(before, "role"))) {
            before.set("content", SystemMessages.joined(before.path("content"), content));
        } else {
            messages.addObject().put("role", "user").set("content", content);
        }
    }
}
