package mlxstack.wire;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The functions of a chat completion, as tools of Messages. */
final class ChatTools {

    private ChatTools() {}

    /** Sets {@code tools} and {@code tool_choice} where there is something to say. */
    static void put(ObjectNode chat, ObjectNode to) throws BadRequest {
        var tools = Json.array();
        int i = 0;
        for (var tool : Json.items(chat, "tools")) {
            var function = Json.object(tool, "function");
            if (function == null) {
                throw MessagesTurns.bad(
                        "tools[" + i + "]",
                        "found type %s; Anthropic's models take functions: {\"type\": \"function\", \"function\": {…}}"
                                .formatted(tool.get("type")));
            }
            add(tools, function);
            i++;
        }
        for (var function : Json.items(chat, "functions")) {
            add(tools, function);
        }
        if (!tools.isEmpty()) {
            to.set("tools", tools);
            var choice = chat.get("tool_choice");
            choice(choice == null ? chat.path("function_call") : choice, to);
            var parallel = chat.path("parallel_tool_calls");
            if (parallel.isBoolean() && !parallel.booleanValue()) {
                var said = Json.object(to, "tool_choice");
                var made = said == null ? to.putObject("tool_choice").put("type", "auto") : said;
                if (!"none".equals(Json.text(made, "type"))) {
                    made.put("disable_parallel_tool_use", true);
                }
            }
        }
    }

    private static void add(ArrayNode tools, JsonNode function) {
        var tool = tools.addObject().put("name", Json.text(function, "name", ""));
        String description = Json.text(function, "description", "");
        if (!description.isEmpty()) {
            tool.put("description", description);
        }
        var schema = Json.object(function, "parameters");
        var made = schema == null ? Json.object() : schema;
        if (!made.has("type")) {
            made.put("type", "object");
        }
        tool.set("input_schema", made);
    }

    private static void choice(JsonNode choice, ObjectNode to) throws BadRequest {
        String word = choice.isString() ? choice.stringValue() : "";
        var function = choice.path("function");
        String name = Json.text(function, "name", Json.text(choice, "name", ""));
        if (!name.isEmpty()) {
            to.putObject("tool_choice").put("type", "tool").put("name", name);
            return;
        }
        switch (word) {
            case "" -> {
                // Automatic, as it is in Messages.
            }
            case "auto", "none" -> to.putObject("tool_choice").put("type", word);
            case "required" -> to.putObject("tool_choice").put("type", "any");
            default ->
                throw MessagesTurns.bad(
                        "tool_choice", "found %s; expected auto, none, required or a function".formatted(choice));
        }
    }
}
