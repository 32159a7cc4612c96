package mlxstack.wire;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The tools of a Messages request, as chat functions. */
final class MessagesTools {

    /** Run by the client, but described by Anthropic's models themselves: nobody else knows how to call them. */
    private static final List<String> UNDESCRIBED = List.of("bash_", "text_editor_", "computer_", "memory_");

    private MessagesTools() {}

    /** Sets {@code tools}, {@code tool_choice} and {@code parallel_tool_calls} where there is something to say. */
    static void put(ObjectNode body, ObjectNode chat, Options options) throws BadRequest {
        var names = new HashSet<String>();
        var functions = Json.array();
        int i = 0;
        for (var tool : Json.items(body, "tools")) {
            String at = "tools[" + i++ + "]";
            String type = Json.text(tool, "type", "custom");
            if (type.equals("custom")) {
                functions.add(function(tool, at));
                names.add(Json.text(tool, "name", ""));
            } else if (UNDESCRIBED.stream().anyMatch(type::startsWith)) {
                throw MessagesTurns.bad(
                        at,
                        "found type \"%s\", which only Anthropic's models know; give the tool a name, a description and an input_schema"
                                .formatted(type));
            }
            // Web search and the like run on Anthropic's servers: a model elsewhere is better off not to know of them.
        }
        if (!functions.isEmpty()) {
            chat.set("tools", functions);
            choice(body.path("tool_choice"), names, chat);
            if (options.local()) {
                only(chat);
            }
        }
    }

    /** Unknown keys ({@code defer_loading}, {@code cache_control}, {@code input_examples}) stay behind. */
    private static ObjectNode function(JsonNode tool, String at) throws BadRequest {
        String name = Json.text(tool, "name", "");
        if (name.isEmpty()) {
            throw MessagesTurns.bad(at + ".name", "expected the name of the tool");
        }
        var made = Json.object().put("type", "function");
        var function = made.putObject("function").put("name", name);
        String description = Json.text(tool, "description");
        if (description != null) {
            function.put("description", description);
        }
        var schema = Json.object(tool, "input_schema");
        if (schema == null) {
            schema = Json.object();
            schema.putObject("properties");
        }
        schema.remove("$schema");
        schema.putIfAbsent("type", Json.string("object"));
        function.set("parameters", schema);
        if (Json.flag(tool, "strict")) {
            function.put("strict", true);
        }
        return made;
    }

    /** Asked for one function by name, llama.cpp lets the model choose; given this one alone, it must call it. */
    private static void only(ObjectNode chat) {
        var function = chat.path("tool_choice").path("function");
        if (chat.get("tools") instanceof ArrayNode tools && function.isObject()) {
            tools.removeIf(tool -> !tool.path("function").path("name").equals(function.path("name")));
            chat.put("tool_choice", "required");
        }
    }

    private static void choice(JsonNode choice, Set<String> names, ObjectNode chat) throws BadRequest {
        switch (Json.text(choice, "type", "")) {
            case "" -> {
                // Automatic, as it is in chat.
            }
            case "auto" -> chat.put("tool_choice", "auto");
            case "any" -> chat.put("tool_choice", "required");
            case "none" -> chat.put("tool_choice", "none");
            case "tool" -> {
                String name = Json.text(choice, "name", "");
                if (!names.contains(name)) {
                    throw MessagesTurns.bad(
                            "tool_choice.name",
                            "found \"%s\"; expected one of the tools that can be translated: %s"
                                    .formatted(
                                            name,
                                            String.join(
                                                    ", ",
                                                    names.stream().sorted().toList())));
                }
                chat.putObject("tool_choice")
                        .put("type", "function")
                        .putObject("function")
                        .put("name", name);
            }
            default ->
                throw MessagesTurns.bad(
                        "tool_choice.type", "found %s; expected auto, any, tool or none".formatted(choice.get("type")));
        }
        if (Json.flag(choice, "disable_parallel_tool_use")) {
            chat.put("parallel_tool_calls", false);
        }
    }
}
