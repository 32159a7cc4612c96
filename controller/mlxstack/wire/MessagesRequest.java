package mlxstack.wire;

import java.util.HashSet;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The body of a Messages request, as that of a chat completion. */
final class MessagesRequest {

    private static final String TEMPLATE = "chat_template_kwargs";

    /**
     * Translated elsewhere here, or without a meaning for anybody but Anthropic. {@code metadata.user_id} names the
     * device and the account, which is nobody else's business.
     */
    private static final Set<String> TAKEN = Set.of(
            "model",
            "messages",
            "system",
            "tools",
            "tool_choice",
            "max_tokens",
            "stop_sequences",
            "stream",
            "thinking",
            "output_config",
            "output_format",
            "metadata",
            "thread",
            "context_management",
            "container",
            "mcp_servers",
            "service_tier",
            "inference_geo",
            "cache_control",
            "betas",
            "top_k",
            TEMPLATE);

    /** Understood by everyone who speaks chat completions. */
    private static final Set<String> COMMON =
            Set.of("temperature", "top_p", "seed", "frequency_penalty", "presence_penalty", "logit_bias");

    private MessagesRequest() {}

    static ObjectNode chat(ObjectNode body, String model, Options options) throws BadRequest {
        var refused = MessageThreads.refusal(body);
        if (refused != null) {
            throw new BadRequest(refused);
        }
        if (!body.path("mcp_servers").isEmpty()) {
            throw MessagesTurns.bad(
                    "mcp_servers", "found servers for Anthropic to call; connect them to the client instead");
        }
        var chat = Json.object().put("model", model);
        chat.set("messages", MessagesTurns.of(body, options));
        MessagesTools.put(body, chat, options);
        limits(body, chat, options);
        thinking(body, chat, options);
        format(body, chat);
        boolean stream = Json.flag(body, "stream");
        chat.put("stream", stream);
        if (stream) {
            chat.putObject("stream_options").put("include_usage", true);
        }
        body.forEachEntry((name, value) -> {
            if (!TAKEN.contains(name) && (options.local() || COMMON.contains(name))) {
                chat.set(name, value);
            }
        });
        return chat;
    }

    private static void limits(ObjectNode body, ObjectNode chat, Options options) throws BadRequest {
        var asked = body.get("max_tokens");
        if (asked != null && !(asked.isIntegralNumber() && asked.asLong(0) > 0)) {
            throw MessagesTurns.bad("max_tokens", "found %s; expected a number above 0".formatted(asked));
        }
        long output = options.output(Json.number(body, "max_tokens", 0));
        if (output > 0) {
            chat.put(options.local() ? "max_tokens" : "max_completion_tokens", output);
        }
        var stops = body.path("stop_sequences");
        if (stops.isArray() && !stops.isEmpty()) {
            chat.set("stop", stops);
        }
        if (options.local() && Json.has(body, "top_k")) {
            chat.set("top_k", body.get("top_k"));
        }
    }

    /** The words of our own servers' chat templates; a provider's model may refuse them. */
    private static void thinking(ObjectNode body, ObjectNode chat, Options options) {
        if (!options.local()) {
            return;
        }
        var own = Json.object(body, TEMPLATE);
        var template = own == null ? Json.object() : own;
        String effort = Json.text(body.path("output_config"), "effort");
        if (effort != null) {
            String word = effort.equals("low") || effort.equals("medium") ? effort : "high";
            chat.put("reasoning_effort", word);
            // Where that is not a field of requests, templates that know it ask for it.
            template.putIfAbsent("reasoning_effort", Json.string(word));
        }
        if ("disabled".equals(Json.text(body.path("thinking"), "type"))) {
            template.put("enable_thinking", false);
        }
        if (!template.isEmpty()) {
            chat.set(TEMPLATE, template);
        }
    }

    private static void format(ObjectNode body, ObjectNode chat) {
        JsonNode format = body.path("output_config").path("format");
        if (!format.isObject()) {
            format = body.path("output_format");
        }
        var schema = Json.object(format, "schema");
        if (schema != null && "json_schema".equals(Json.text(format, "type"))) {
            var wanted =
                    chat.putObject("response_format").put("type", "json_schema").putObject("json_schema");
            wanted.put("name", Json.text(format, "name", "output"));
            wanted.set("schema", schema);
            wanted.put("strict", isStrict(schema));
        }
    }

    /** OpenAI takes a schema as strict only when each object names all of its members as required and allows no other. */
    private static boolean isStrict(JsonNode schema) {
        if (schema.path("properties") instanceof ObjectNode properties) {
            var required = new HashSet<String>();
            Json.items(schema, "required").forEach(name -> required.add(name.asString("")));
            boolean open =
                    !schema.path("additionalProperties").isBoolean() || Json.flag(schema, "additionalProperties");
            if (open || !required.containsAll(properties.propertyNames())) {
                return false;
            }
        }
        for (var inner : schema) {
            if (!isStrict(inner)) {
                return false;
            }
        }
        return true;
    }
}
