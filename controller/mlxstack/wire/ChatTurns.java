package mlxstack.wire;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The conversation of a chat completion, as Messages want it: one system text, then turns of user and assistant in
 * alternation, results of tools at the beginning of the user's turn that follows their calls. Confined to one
 * translation.
 */
final class ChatTurns {

    private final Content system = new Content();
    private final ArrayNode turns = Json.array();
    private ArrayNode blocks = Json.array();
    private String role = "";
    /** Of the current turn: how many blocks are results of tools. */
    private int results;

    private ChatTurns() {}

    /** Sets {@code system}, if there is any, and {@code messages}. */
    static void put(ObjectNode chat, ObjectNode to, String extraSystem) throws BadRequest {
        if (!(chat.get("messages") instanceof ArrayNode messages) || messages.isEmpty()) {
            throw MessagesTurns.bad("messages", "expected a list with at least one message");
        }
        var made = new ChatTurns();
        for (int i = 0; i < messages.size(); i++) {
            made.message(messages.get(i), "messages[" + i + "]");
        }
        made.system.text(extraSystem);
        made.end();
        String system = made.system.node().asString();
        if (made.turns.isEmpty()) {
            // Instructions alone are what is asked.
            made.turn("user");
            made.text(system, null);
            made.end();
        } else if (!system.isBlank()) {
            to.put("system", system);
        }
        to.set("messages", made.turns);
    }

    private void message(JsonNode message, String at) throws BadRequest {
        var content = message.path("content");
        switch (Json.text(message, "role", "")) {
            case "system", "developer" -> {
                String text = MessagesTurns.systemText(content);
                if (role.isEmpty()) {
                    system.text(text);
                } else if (!text.isBlank()) {
                    turn("user");
                    text(MessagesTurns.reminder(text), null);
                }
            }
            case "user" -> {
                turn("user");
                parts(content, blocks, at + ".content");
            }
            case "assistant" -> assistant(message, at);
            case "tool" -> result(Json.text(message, "tool_call_id", ""), content, at + ".content");
            case "function" -> result(legacy(Json.text(message, "name", "")), content, at + ".content");
            default ->
                throw MessagesTurns.bad(
                        at + ".role",
                        "found %s; expected system, developer, user, assistant or tool".formatted(message.get("role")));
        }
    }

    private void assistant(JsonNode message, String at) throws BadRequest {
        if (role.isEmpty()) {
            // Anthropic has the user begin.
            turn("user");
            text("Continue.", null);
        }
        turn("assistant");
        parts(message.path("content"), blocks, at + ".content");
        text(Json.text(message, "refusal", ""), null);
        for (var call : Json.items(message, "tool_calls")) {
            call(Json.text(call, "id", ""), call.path("function"));
        }
        var legacy = Json.object(message, "function_call");
        if (legacy != null) {
            call(legacy(Json.text(legacy, "name", "")), legacy);
        }
    }

    private static String legacy(String name) {
        return "call_" + name;
    }

    private void call(String id, JsonNode function) {
        String arguments = ChatText.arguments(function);
        var input = arguments.isBlank() ? Json.object() : Json.parsed(arguments);
        var block = blocks.addObject()
                .put("type", "tool_use")
                .put("id", id(id))
                .put("name", Json.text(function, "name", ""));
        block.set("input", input instanceof ObjectNode ? input : Json.object().put("arguments", arguments));
    }

    /** Anthropic takes letters, digits, {@code _} and {@code -}. */
    private static String id(String id) {
        var clean = new StringBuilder(id.isEmpty() ? "call" : id);
        for (int i = 0; i < clean.length(); i++) {
            char c = clean.charAt(i);
            boolean fine = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-';
            if (!fine) {
                clean.setCharAt(i, '_');
            }
        }
        return clean.toString();
    }

    private void result(String id, JsonNode content, String at) throws BadRequest {
        turn("user");
        var block = Json.object().put("type", "tool_result").put("tool_use_id", id(id));
        if (content.isArray()) {
            var parts = Json.array();
            parts(content, parts, at);
            block.set("content", parts);
        } else {
            block.put("content", content.asString(""));
        }
        blocks.insert(results++, block);
    }

    private static void parts(JsonNode content, ArrayNode to, String at) throws BadRequest {
        text(content.asString(""), null, to);
        for (int i = 0; i < content.size(); i++) {
            var part = content.get(i);
            String type = Json.text(part, "type", "");
            switch (type) {
                case "text", "refusal" -> text(Json.text(part, type, ""), part, to);
                case "image_url", "file" -> {
                    var block = Images.block(part);
                    if (block == null) {
                        throw MessagesTurns.bad(
                                at + "[" + i + "]", "expected the %s as an address or as base64".formatted(type));
                    }
                    to.add(marked(block, part));
                }
                default ->
                    throw MessagesTurns.bad(
                            at + "[" + i + "]",
                            "found a part of type \"%s\", which Anthropic's models cannot be given; expected text, image_url or file"
                                    .formatted(type));
            }
        }
    }

    private void text(String text, @Nullable JsonNode part) {
        text(text, part, blocks);
    }

    /** Anthropic refuses blank text. */
    private static void text(String text, @Nullable JsonNode part, ArrayNode to) {
        if (!text.isBlank()) {
            to.add(marked(Json.object().put("type", "text").put("text", text), part));
        }
    }

    /** Where the prompt may be cached up to, some clients say in chat too. */
    private static ObjectNode marked(ObjectNode block, @Nullable JsonNode part) {
        var mark = part == null ? null : Json.object(part, "cache_control");
        if (mark != null) {
            block.set("cache_control", mark);
        }
        return block;
    }

    private void turn(String next) {
        if (!role.equals(next)) {
            end();
            role = next;
        }
    }

    private void end() {
        if (!blocks.isEmpty()) {
            var turn = turns.addObject().put("role", role);
            turn.set("content", blocks);
        }
        blocks = Json.array();
        results = 0;
    }
}
