package mlxstack.wire;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The body of a chat completion, as that of a Messages request. */
final class ChatRequest {

    /** Anthropic wants a limit, OpenAI has none unless asked for one. */
    private static final int OUTPUT = 8_192;

    private static final String JSON_ONLY = "Answer with a single JSON object and nothing else.";

    private ChatRequest() {}

    static ObjectNode messages(ObjectNode chat, String model, Options options) throws BadRequest {
        if (Json.number(chat, "n", 1) > 1) {
            throw MessagesTurns.bad("n", "found %s; Anthropic's models give one answer".formatted(chat.get("n")));
        }
        var made = Json.object().put("model", model);
        long asked = Json.number(chat, "max_completion_tokens", Json.number(chat, "max_tokens", 0));
        made.put("max_tokens", options.output(asked > 0 ? asked : OUTPUT));
        var format = chat.path("response_format");
        ChatTurns.put(chat, made, "json_object".equals(Json.text(format, "type")) ? JSON_ONLY : "");
        ChatTools.put(chat, made);
        format(format, made);
        sampling(chat, made);
        stops(chat.path("stop"), made);
        String user = Json.text(chat, "user", "");
        if (!user.isEmpty()) {
            made.putObject("metadata").put("user_id", user);
        }
        made.put("stream", Json.flag(chat, "stream"));
        // Known to Anthropic only; who sends them to chat completions means them.
        for (String field : new String[] {"top_k", "thinking"}) {
            if (Json.has(chat, field)) {
                made.set(field, chat.get(field));
            }
        }
        return made;
    }

    /** One of the two: newer models refuse both at once. OpenAI's temperatures go to 2. */
    private static void sampling(ObjectNode chat, ObjectNode made) {
        var temperature = chat.path("temperature");
        if (temperature.isNumber()) {
            if (temperature.asDouble() > 1) {
                made.put("temperature", 1);
            } else {
                made.set("temperature", temperature);
            }
        } else if (Json.has(chat, "top_p")) {
            made.set("top_p", chat.get("top_p"));
        }
    }

    private static void stops(JsonNode stop, ObjectNode made) {
        var texts = Json.array();
        if (stop.isString()) {
            texts.add(stop);
        } else {
            stop.forEach(texts::add);
        }
        // Anthropic refuses blank ones.
        texts.removeIf(text -> text.asString("").isBlank());
        if (!texts.isEmpty()) {
            made.set("stop_sequences", texts);
        }
    }

    private static void format(JsonNode format, ObjectNode made) {
        var schema = Json.object(format.path("json_schema"), "schema");
        if (schema != null) {
            closed(schema);
            made.putObject("output_config")
                    .putObject("format")
                    .put("type", "json_schema")
                    .set("schema", schema);
        }
    }

    /** Anthropic takes objects only with {@code additionalProperties: false}. */
    private static void closed(JsonNode schema) {
        if (schema instanceof ObjectNode object && "object".equals(Json.text(object, "type"))) {
            object.put("additionalProperties", false);
        }
        schema.forEach(ChatRequest::closed);
    }
}
