package mlxstack.wire;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Makes a chat acceptable to templates that take one system message, at the beginning: those of system and developer
 * before the assistant's first turn become one, those after it stay where they are, as a
 * reminder in the user's turn. The first turn never
 * changes later, so that each turn's messages begin with those of the turn before, and what a backend has cached counts.
 * Stateless.
 */
public final class SystemMessages {

    /** Between what were messages or parts of their own. */
    static final String GAP = "\n\n";

    private SystemMessages() {}

    /** The body with its {@code messages} merged; nothing else of it changes. */
    public static void merge(JsonFields fields, Splices splices) {
        var field = fields.find("messages");
        if (fields.systemsAreApart()
                && field != null
                && Json.parsed(fields.source(field)) instanceof ArrayNode messages) {
            splices.put(field.start(), field.end(), Json.text(merged(messages)));
        }
    }

    /** Of messages as chat completions have them; they are not changed. */
    public static ArrayNode merged(ArrayNode messages) {
        var merged = Json.array();
        var system = new StringBuilder();
        boolean answered = false;
        ObjectNode open = null;
        for (JsonNode message : messages) {
            String role = Json.text(message, "role", "");
            if (!role.equals("system") && !role.equals("developer")) {
                answered |= role.equals("assistant") || role.equals("tool");
                open = next(merged, open, message);
            } else if (answered) {
                open = late(merged, MessagesTurns.reminder(text(message.path("content"))));
            } else {
                add(system, text(message.path("content")));
            }
        }
        if (!system.isEmpty()) {
            merged.insert(0, Json.object().put("role", "system").put("content", system.toString()));
        }
        return merged;
    }

    /** What was the system's and what the user says next to it are one message: many templates want turns to alternate. */
    private static @Nullable ObjectNode next(ArrayNode merged, @Nullable ObjectNode open, JsonNode message) {
        if (open != null && isUser(message)) {
            open.set("content", joined(open.path("content"), message.path("content")));
            return open;
        }
        merged.add(message);
        return null;
    }

    private static ObjectNode late(ArrayNode merged, String text) {
        var last = merged.isEmpty() ? null : merged.get(merged.size() - 1);
        if (last instanceof ObjectNode before && isUser(before)) {
            var whole = before.deepCopy();
            whole.set("content", joined(before.path("content"), Json.object().stringNode(text)));
            merged.set(merged.size() - 1, whole);
            return whole;
        }
        return merged.addObject().put("role", "user").put("content", text);
    }

    private static boolean isUser(JsonNode message) {
        return "user".equals(Json.text(message, "role"));
    }

    static void add(StringBuilder all, String text) {
        if (text.isBlank()) {
            return;
        }
        if (!all.isEmpty()) {
            all.append(GAP);
        }
        all.append(text);
    }

    /** Two contents as one: text when both are, else parts. */
    static JsonNode joined(JsonNode first, JsonNode second) {
        if (first.isString() && second.isString()) {
            return Json.object().stringNode(first.stringValue() + GAP + second.stringValue());
        }
        var parts = Json.array();
        addParts(parts, first);
        addParts(parts, second);
        return parts;
    }

    private static void addParts(ArrayNode parts, JsonNode content) {
        if (content instanceof ArrayNode array) {
            parts.addAll(array);
        } else if (content.isString()) {
            parts.addObject().put("type", "text").put("text", content.stringValue());
        }
    }

    /** The text of a content, whether it is one or a list of parts. */
    static String text(JsonNode content) {
        if (content.isString()) {
            return content.stringValue();
        }
        var all = new StringBuilder();
        for (JsonNode part : content) {
            add(all, part.isString() ? part.stringValue() : Json.text(part, "text", ""));
        }
        return all.toString();
    }
}
