package mlxstack.wire;

import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** A Responses request as one for chat completions. Stateless. */
final class ResponsesRequest {

    /** Means nothing to a chat, or is said there in another way. */
    private static final Set<String> NOT_FOR_CHAT = Set.of(
            "background",
            "client_metadata",
            "context_management",
            "conversation",
            "include",
            "input",
            "instructions",
            "max_output_tokens",
            "max_tool_calls",
            "model",
            "moderation",
            "parallel_tool_calls",
            "previous_response_id",
            "prompt",
            "prompt_cache_key",
            "prompt_cache_options",
            "prompt_cache_retention",
            "reasoning",
            "safety_identifier",
            "service_tier",
            "store",
            "stream",
            "stream_options",
            "text",
            "tool_choice",
            "tools",
            "top_logprobs",
            "truncation");

    /** What every server of chat completions knows. */
    private static final Set<String> COMMON =
            Set.of("temperature", "top_p", "user", "stop", "seed", "frequency_penalty", "presence_penalty");

    private static final String TEMPLATE = "chat_template_kwargs";

    private ResponsesRequest() {}

    /** @param model as the backend calls it */
    static ObjectNode chat(ObjectNode request, String model, ResponsesTools tools, Options options) throws BadRequest {
        refuse(request);
        var history = new ResponsesHistory(tools, options.local());
        history.instructions(request.path("instructions"));
        history.add(request.path("input"));
        var chat = Json.object().put("model", model);
        chat.set("messages", history.messages());
        tools.put(chat, request.path("tool_choice"), request.path("parallel_tool_calls"), options.local());
        long most = options.output(Json.number(request, "max_output_tokens", 0));
        if (most > 0) {
            chat.put(options.local() ? "max_tokens" : "max_completion_tokens", most);
        }
        format(request.path("text"), chat);
        request.forEachEntry((name, value) -> {
            if (!NOT_FOR_CHAT.contains(name) && (options.local() || COMMON.contains(name)) && !value.isNull()) {
                chat.set(name, value);
            }
        });
        String effort = Json.text(request.path("reasoning"), "effort");
        if (effort != null) {
            effort(effort, chat, options);
        }
        if (Json.flag(request, "stream")) {
            chat.put("stream", true).putObject("stream_options").put("include_usage", true);
        }
        return chat;
    }

    private static void refuse(ObjectNode request) throws BadRequest {
        if (Json.flag(request, "background")) {
            throw unsupported("background", "answers are not made in the background here; leave \"background\" out");
        }
        for (String name : new String[] {"conversation", "prompt"}) {
            if (Json.has(request, name)) {
                throw unsupported(
                        name, "\"%s\" names something that is kept by OpenAI; send it in \"input\"".formatted(name));
            }
        }
    }

    private static BadRequest unsupported(String param, String message) {
        return new BadRequest(ApiError.invalid(400, "unsupported_parameter", param, message));
    }

    /** Our own servers' chat templates know three words, and ask for them under a name of their own. */
    private static void effort(String effort, ObjectNode chat, Options options) {
        if (!options.local()) {
            chat.put("reasoning_effort", effort);
            return;
        }
        var own = Json.object(chat, TEMPLATE);
        var template = own == null ? Json.object() : own.deepCopy();
        chat.set(TEMPLATE, template);
        if (effort.equals("none")) {
            template.put("enable_thinking", false);
            return;
        }
        String word = switch (effort) {
            case "minimal", "low" -> "low";
            case "medium" -> "medium";
            default -> "high";
        };
        chat.put("reasoning_effort", word);
        template.putIfAbsent("reasoning_effort", chat.stringNode(word));
    }

    private static void format(JsonNode text, ObjectNode chat) {
        var format = text.path("format");
        String type = Json.text(format, "type", "text");
        if (type.equals("json_schema")) {
            var schema = chat.putObject("response_format").put("type", type).putObject(type);
            for (String name : new String[] {"name", "description", "schema", "strict"}) {
                if (Json.has(format, name)) {
                    schema.set(name, format.path(name));
                }
            }
        } else if (!type.equals("text")) {
            chat.putObject("response_format").put("type", type);
        }
        if (Json.has(text, "verbosity")) {
            chat.set("verbosity", text.path("verbosity"));
        }
    }
}
