package mlxstack.wire;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The tools of a Responses request as functions of a chat, and back. A function within a namespace gets a name made of
 * both; a tool of free text becomes a function with one text; what the API's owner runs itself, such as web search, is
 * left out. For one request; confined to one thread.
 */
final class ResponsesTools {

    /** As long as OpenAI lets a name be. */
    private static final int LONGEST = 64;

    private static final String INPUT = "input";
    private static final String FUNCTION = "function";
    private static final String CUSTOM = "custom";

    /** @param isText whether it takes free text */
    record Tool(@Nullable String namespace, String name, boolean isText) {}

    private final Map<String, Tool> byName = new HashMap<>();
    private final Set<String> plain = new HashSet<>();
    private final ArrayNode functions = Json.array();

    /** @param tools of the request; anything but a list is none */
    ResponsesTools(JsonNode tools) throws BadRequest {
        for (JsonNode tool : tools) {
            if (FUNCTION.equals(Json.text(tool, "type")) || CUSTOM.equals(Json.text(tool, "type"))) {
                plain.add(Json.text(tool, "name", ""));
            }
        }
        for (JsonNode tool : tools) {
            if ("namespace".equals(Json.text(tool, "type"))) {
                String namespace = name(tool);
                for (JsonNode member : Json.items(tool, "tools")) {
                    add(namespace, member);
                }
            } else {
                add(null, tool);
            }
        }
    }

    private void add(@Nullable String namespace, JsonNode tool) throws BadRequest {
        String type = Json.text(tool, "type", "");
        if (!type.equals(FUNCTION) && !type.equals(CUSTOM)) {
            return;
        }
        boolean text = type.equals(CUSTOM);
        String name = name(tool);
        String flat = flat(namespace, name);
        byName.put(flat, new Tool(namespace, name, text));
        var function = functions.addObject().put("type", FUNCTION).putObject(FUNCTION);
        function.put("name", flat);
        String description = Json.text(tool, "description", "") + (text ? format(tool.path("format")) : "");
        if (!description.isBlank()) {
            function.put("description", description.strip());
        }
        function.set("parameters", text ? oneText() : parameters(tool));
        if (!text && tool.path("strict").isBoolean()) {
            function.set("strict", tool.path("strict"));
        }
    }

    private static String name(JsonNode tool) throws BadRequest {
        String name = Json.text(tool, "name");
        if (name == null || name.isBlank()) {
            throw new BadRequest(ApiError.invalid(
                    400, null, "tools", "found a tool of type \"%s\" without a \"name\"".formatted(type(tool))));
        }
        return name;
    }

    private static String type(JsonNode tool) {
        return Json.text(tool, "type", "");
    }

    private static JsonNode parameters(JsonNode tool) {
        var given = Json.object(tool, "parameters");
        if (given != null) {
            return given;
        }
        var none = Json.object().put("type", "object");
        none.putObject("properties");
        return none;
    }

    private static ObjectNode oneText() {
        var schema = Json.object().put("type", "object");
        schema.putObject("properties")
                .putObject(INPUT)
                .put("type", "string")
                .put("description", "The whole input of the tool, as it is");
        schema.putArray("required").add(INPUT);
        return schema.put("additionalProperties", false);
    }

    private static String format(JsonNode format) {
        String definition = Json.text(format, "definition", "");
        return definition.isEmpty()
                ? ""
                : "\n\nThe input follows this grammar (%s):\n%s"
                        .formatted(Json.text(format, "syntax", "lark"), definition);
    }

    /** What a backend calls it. The same in each turn: it depends on the names alone. */
    String flat(@Nullable String namespace, String name) {
        if (namespace == null || namespace.isEmpty()) {
            return name;
        }
        String flat = namespace + "__" + name;
        if (flat.length() > LONGEST) {
            String mark = "_%08x".formatted(flat.hashCode());
            flat = flat.substring(0, LONGEST - mark.length()) + mark;
        }
        return plain.contains(flat) ? flat + "_" : flat;
    }

    /** What the client calls what the backend calls by this name, which may be one that nobody gave. */
    Tool of(String flat) {
        var tool = byName.get(flat);
        return tool == null ? new Tool(null, flat, false) : tool;
    }

    /**
     * Puts the tools, and which of them may be used, into a chat's request.
     *
     * @param alone whether one that has to be called is the only one that is offered, because llama.cpp takes no name
     */
    void put(ObjectNode chat, JsonNode choice, JsonNode parallel, boolean alone) {
        var mode = choice.isString() ? choice : chosen(choice);
        var allowed = allowed(choice);
        if (alone && mode instanceof ObjectNode named) {
            allowed = Json.array().addAll(named(Json.text(named.path(FUNCTION), "name", "")));
            mode = chat.stringNode("required");
        }
        if (allowed.isEmpty()) {
            return;
        }
        chat.set("tools", allowed);
        if (mode != null) {
            chat.set("tool_choice", mode);
        }
        if (parallel.isBoolean()) {
            chat.set("parallel_tool_calls", parallel);
        }
    }

    private @Nullable JsonNode chosen(JsonNode choice) {
        String type = Json.text(choice, "type", "");
        if (type.equals("allowed_tools")) {
            return choice.path("mode").isString() ? choice.path("mode") : null;
        }
        String flat = flatOf(choice);
        if (!byName.containsKey(flat)) {
            return null;
        }
        var node = Json.object().put("type", FUNCTION);
        node.putObject(FUNCTION).put("name", flat);
        return node;
    }

    private ArrayNode allowed(JsonNode choice) {
        if (!"allowed_tools".equals(Json.text(choice, "type"))) {
            return functions;
        }
        var allowed = Json.array();
        for (JsonNode tool : Json.items(choice, "tools")) {
            allowed.addAll(named(flatOf(tool)));
        }
        return allowed;
    }

    private List<JsonNode> named(String flat) {
        return functions
                .valueStream()
                .filter(function -> flat.equals(Json.text(function.path(FUNCTION), "name")))
                .toList();
    }

    private String flatOf(JsonNode reference) {
        return flat(Json.text(reference, "namespace"), Json.text(reference, "name", ""));
    }

    /** Free text as the arguments of a function. */
    static String arguments(String input) {
        return Json.text(Json.object().put(INPUT, input));
    }

    /** The free text in a function's arguments; all of them when a model has not kept to the form. */
    static String input(String arguments) {
        var parsed = Json.parsed(arguments);
        String input = parsed == null ? null : Json.text(parsed, INPUT);
        return input == null ? arguments : input;
    }
}
