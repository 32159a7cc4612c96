package mlxstack.wire;

import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The response object around the items of an answer: what was asked, said back, and how it went. Immutable. */
final class ResponsesAnswer {

    private static final Set<String> KNOWN_CODES = Set.of("context_length_exceeded", "insufficient_quota");

    private final ObjectNode request;
    private final String id;
    private final long createdAt;

    /** @param request as the client sent it; what it asked is said back, but for the input, which is not held */
    ResponsesAnswer(ObjectNode request, Options options) {
        this.request = request.objectNode();
        this.request.setAll(request);
        this.request.remove("input");
        this.id = "resp_" + options.id();
        this.createdAt = options.createdAt();
    }

    ObjectNode of(String status, ArrayNode output, @Nullable Usage usage) {
        var response = Json.object()
                .put("id", id)
                .put("object", "response")
                .put("created_at", createdAt)
                .put("status", status)
                .put("background", false);
        response.putNull("error").putNull("incomplete_details");
        said(response, "instructions", "max_output_tokens", "max_tool_calls");
        response.put("model", Json.text(request, "model", ""));
        response.set("output", output);
        response.put(
                "parallel_tool_calls",
                !request.path("parallel_tool_calls").isBoolean() || Json.flag(request, "parallel_tool_calls"));
        said(response, "previous_response_id");
        var reasoning = response.putObject("reasoning");
        reasoning.set("effort", said(request.path("reasoning").path("effort")));
        reasoning.set("summary", said(request.path("reasoning").path("summary")));
        response.put("store", isKept(request));
        said(response, "temperature");
        if (request.path("text").isObject()) {
            response.set("text", request.path("text"));
        } else {
            response.putObject("text").putObject("format").put("type", "text");
        }
        response.set(
                "tool_choice",
                Json.has(request, "tool_choice") ? request.path("tool_choice") : request.stringNode("auto"));
        response.set("tools", request.path("tools").isArray() ? request.path("tools") : Json.array());
        said(response, "top_p");
        response.put("truncation", Json.text(request, "truncation", "disabled"));
        response.set("usage", usage == null ? request.nullNode() : usage(usage));
        said(response, "user");
        response.set("metadata", request.path("metadata").isObject() ? request.path("metadata") : Json.object());
        return response;
    }

    /** Cut short: {@code max_output_tokens} or {@code content_filter}. */
    static ObjectNode incomplete(ObjectNode response, String reason) {
        response.putObject("incomplete_details").put("reason", reason);
        return response;
    }

    static ObjectNode failed(ObjectNode response, ApiError error) {
        String code = error.code() != null && KNOWN_CODES.contains(error.code())
                ? error.code()
                : switch (error.status()) {
                    case 402 -> "insufficient_quota";
                    case 429 -> "rate_limit_exceeded";
                    default -> "server_error";
                };
        response.putObject("error").put("code", code).put("message", error.message());
        return response;
    }

    /** Unless the client says otherwise, an answer can be asked for again. */
    static boolean isKept(ObjectNode request) {
        return !request.path("store").isBoolean() || Json.flag(request, "store");
    }

    private void said(ObjectNode response, String... names) {
        for (String name : names) {
            response.set(name, said(request.path(name)));
        }
    }

    private JsonNode said(JsonNode value) {
        return value.isMissingNode() ? request.nullNode() : value;
    }

    private static ObjectNode usage(Usage usage) {
        var node = Json.object().put("input_tokens", usage.input());
        node.putObject("input_tokens_details")
                .put("cached_tokens", usage.cacheRead())
                .put("cache_write_tokens", usage.cacheWrite());
        node.put("output_tokens", usage.output());
        node.putObject("output_tokens_details").put("reasoning_tokens", usage.reasoning());
        return node.put("total_tokens", usage.input() + usage.output());
    }
}
