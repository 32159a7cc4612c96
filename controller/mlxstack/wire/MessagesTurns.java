package mlxstack.wire;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The conversation of a Messages request, as chat messages. What a turn becomes depends on what stands before it alone,
 * so that the next turn's prompt begins with this one's and the backend's prefix cache holds.
 *
 * <p>Chat templates take one system message, at the front, and many want user and assistant to alternate. So all that the
 * system says before the first answer is one message, at the front; a later {@code role: system} entry becomes part of the
 * user's turn it stands in, marked as a reminder. Confined to one translation.
 */
final class MessagesTurns {

    /** Differs from conversation to conversation at the very front of the prompt, and is not meant for a model. */
    private static final String BILLING = "x-anthropic-billing-header:";

    private static final int SHOWN = 400;

    private final Options options;
    private final Content system = new Content();
    private final ArrayNode turns = Json.array();
    private Content user = new Content();
    private boolean answered;

    private MessagesTurns(Options options) {
        this.options = options;
    }

    static ArrayNode of(ObjectNode body, Options options) throws BadRequest {
        var made = new MessagesTurns(options);
        made.system.text(systemText(body.path("system")));
        if (!(body.get("messages") instanceof ArrayNode messages) || messages.isEmpty()) {
            throw bad("messages", "expected a list with at least one message");
        }
        for (int i = 0; i < messages.size(); i++) {
            made.message(messages.get(i), "messages[" + i + "]");
        }
        made.endUser();
        if (!made.system.isEmpty()) {
            var first = Json.object().put("role", "system");
            first.set("content", made.system.node());
            made.turns.insert(0, first);
        }
        return made.turns;
    }

    /** What was found may be long, and its name says enough. */
    static BadRequest bad(String at, String message) {
        String shown = message.length() <= SHOWN ? message : message.substring(0, SHOWN) + "…";
        return new BadRequest(ApiError.invalid(400, null, at, at + ": " + shown));
    }

    private void message(JsonNode message, String at) throws BadRequest {
        switch (Json.text(message, "role", "")) {
            case "user" -> user(message.path("content"), at + ".content");
            case "assistant" -> assistant(message.path("content"));
            case "system", "developer" -> {
                String text = systemText(message.path("content"));
                if (!answered) {
                    system.text(text);
                } else if (!text.isEmpty()) {
                    user.text(reminder(text));
                }
            }
            default ->
                throw bad(at + ".role", "found %s; expected user, assistant or system".formatted(message.get("role")));
        }
    }

    static String reminder(String text) {
        return text.startsWith("<system-reminder>") ? text : "<system-reminder>\n" + text + "\n</system-reminder>";
    }

    /** The same for a string and for blocks, wherever their {@code cache_control} stands. */
    static String systemText(JsonNode system) {
        if (system.isString()) {
            return system.stringValue();
        }
        var all = new Content();
        for (var block : system) {
            String text = Json.text(block, "text", "");
            if (!text.startsWith(BILLING)) {
                all.text(text);
            }
        }
        return all.node().asString();
    }

    /** Results of tools come first: they answer the calls of the turn before. */
    private void user(JsonNode content, String at) throws BadRequest {
        if (content.isString()) {
            user.text(content.stringValue());
            return;
        }
        if (!content.isArray()) {
            throw bad(at, "expected text or a list of blocks");
        }
        var said = new Content();
        for (int i = 0; i < content.size(); i++) {
            var block = content.get(i);
            if ("tool_result".equals(Json.text(block, "type"))) {
                endUser();
                turns.add(ToolResults.chat(block, said));
            }
        }
        for (int i = 0; i < content.size(); i++) {
            block(content.get(i), said, at + "[" + i + "]");
        }
        said.moveTo(user);
    }

    private static void block(JsonNode block, Content to, String at) throws BadRequest {
        String type = Json.text(block, "type", "");
        switch (type) {
            case "text" -> to.text(Json.text(block, "text", ""));
            case "image" -> to.part(known(Images.chat(block), type, at));
            case "document" -> document(block, to, at);
            case "search_result" -> {
                to.text(Json.text(block, "title", ""));
                to.text(Json.text(block, "source", ""));
                to.text(systemText(block.path("content")));
            }
            case "tool_result" -> {
                // Already a message of its own.
            }
            default ->
                throw bad(
                        at,
                        "found a block of type \"%s\", which a backend that speaks chat completions cannot be given; expected text, image, document or tool_result"
                                .formatted(type));
        }
    }

    private static void document(JsonNode block, Content to, String at) throws BadRequest {
        to.text(Json.text(block, "context", ""));
        var source = block.path("source");
        switch (Json.text(source, "type", "")) {
            case "text" -> to.text(Json.text(source, "data", ""));
            case "content" -> {
                if (source.path("content").isString()) {
                    to.text(Json.text(source, "content", ""));
                }
                int i = 0;
                for (var inner : Json.items(source, "content")) {
                    block(inner, to, at + ".source.content[" + i++ + "]");
                }
            }
            default -> to.part(known(Images.file(block), "document", at));
        }
    }

    private static ObjectNode known(@Nullable ObjectNode part, String type, String at) throws BadRequest {
        if (part == null) {
            throw bad(at + ".source", "found an %s without a base64 or url source".formatted(type));
        }
        return part;
    }

    private void assistant(JsonNode content) {
        endUser();
        answered = true;
        var text = new StringBuilder(content.isString() ? content.stringValue() : "");
        var reasoning = new StringBuilder();
        var calls = Json.array();
        for (var block : content) {
            switch (Json.text(block, "type", "")) {
                case "text" -> text.append(Json.text(block, "text", ""));
                case "thinking" -> reasoning.append(Thinking.text(block));
                case "tool_use" -> calls.add(call(block));
                default -> {
                    // What Anthropic's servers did on their own means nothing elsewhere.
                }
            }
        }
        var turn = Json.object().put("role", "assistant");
        boolean silent = text.isEmpty() && !calls.isEmpty();
        turn.put("content", silent ? null : text.toString());
        if (options.local() && !reasoning.isEmpty()) {
            turn.put("reasoning_content", reasoning.toString());
        }
        if (!calls.isEmpty()) {
            turn.set("tool_calls", calls);
        }
        turns.add(turn);
    }

    private static ObjectNode call(JsonNode block) {
        var call = Json.object().put("id", Json.text(block, "id", "")).put("type", "function");
        var input = block.get("input");
        call.putObject("function")
                .put("name", Json.text(block, "name", ""))
                .put("arguments", input == null || input.isNull() ? "{}" : Json.text(input));
        return call;
    }

    private void endUser() {
        if (!user.isEmpty()) {
            var turn = Json.object().put("role", "user");
            turn.set("content", user.node());
            turns.add(turn);
            user = new Content();
        }
    }
}
