package mlxstack.wire;

import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a client is told when it is not served, in the words of its API.
 *
 * @param type coarse class, as OpenAI names them
 * @param code what programs may rely on; null when the type says it all
 * @param param the field of the request that is at fault; null when none is
 * @param retryAfter seconds; 0 when trying again does not help
 */
public record ApiError(
        int status,
        String type,
        @Nullable String code,
        @Nullable String param,
        String message,
        int retryAfter) {

    private static final String INVALID = "invalid_request_error";
    private static final String UNAVAILABLE = "unavailable_error";
    private static final int LISTED = 20;

    public static ApiError invalid(int status, @Nullable String code, @Nullable String param, String message) {
        return new ApiError(status, INVALID, code, param, message, 0);
    }

    public static ApiError forbidden(String message) {
        return new ApiError(403, "permission_error", "forbidden", null, message, 0);
    }

    /** A key that is missing or wrong. */
    public static ApiError unauthorized(String message) {
        return invalid(401, "invalid_api_key", null, message);
    }

    /** Money that may not be spent. */
    public static ApiError spent(String message) {
        return new ApiError(402, "budget_exceeded", "budget_exceeded", null, message, 0);
    }

    /** Too much for now; come back after {@code retryAfter} seconds. */
    public static ApiError limited(String code, String message, int retryAfter) {
        return new ApiError(429, "rate_limit_error", code, null, message, retryAfter);
    }

    /** Something of ours is not there for now; come back after {@code retryAfter} seconds. */
    public static ApiError unavailable(String code, String message, int retryAfter) {
        return new ApiError(503, UNAVAILABLE, code, null, message, retryAfter);
    }

    /** @param suggestion as made by {@code Suggestions.didYouMean} */
    public static ApiError unknownModel(String model, List<String> known, String suggestion) {
        String names = String.join(", ", known.subList(0, Math.min(LISTED, known.size())))
                + (known.size() > LISTED ? " and %d more".formatted(known.size() - LISTED) : "");
        return invalid(
                404,
                "model_not_found",
                "model",
                "no model \"%s\"; known: %s%s".formatted(shown(model), known.isEmpty() ? "none" : names, suggestion));
    }

    /**
     * A backend that is known not to serve now.
     *
     * @param word its availability, such as {@code starting}
     * @param clause the same for people, such as {@code is starting}
     * @param retryAfter seconds; where somebody has to do something first, a minute
     */
    public static ApiError notServing(String backend, String word, String clause, int retryAfter) {
        return new ApiError(
                503, UNAVAILABLE, "endpoint_" + word, "model", "endpoint %s %s".formatted(backend, clause), retryAfter);
    }

    /** It should be serving and takes no connection: the daemon is about to notice. */
    public static ApiError unreachable(String backend, String at, String why, int retryAfter) {
        return new ApiError(
                503,
                UNAVAILABLE,
                "endpoint_unreachable",
                null,
                "endpoint %s takes no connection on %s (%s); it may be restarting".formatted(backend, at, why),
                Math.max(1, retryAfter));
    }

    /** The connection ended before the answer began. */
    public static ApiError broken(String backend, String why) {
        return new ApiError(
                502,
                "upstream_error",
                "upstream_closed",
                null,
                "endpoint %s closed the connection without an answer (%s)".formatted(backend, why),
                0);
    }

    /** The connection ended in the middle of the answer. */
    public static ApiError truncated(String backend) {
        return new ApiError(
                502,
                "upstream_error",
                "upstream_truncated",
                null,
                "endpoint %s closed the connection in the middle of its answer".formatted(backend),
                0);
    }

    /** A fault of ours. */
    public static ApiError internal(Throwable fault) {
        return new ApiError(500, "internal_error", null, null, "internal error of the gateway: " + fault, 0);
    }

    public static ApiError busy() {
        return new ApiError(
                503,
                UNAVAILABLE,
                "gateway_busy",
                null,
                "the requests under way fill the gateway's memory for request bodies; try again",
                1);
    }

    /** The body of an answer. */
    public String json(Dialect dialect) {
        return tree(dialect).toString();
    }

    private ObjectNode tree(Dialect dialect) {
        var root = JsonNodeFactory.instance.objectNode();
        switch (dialect) {
            case CHAT, RESPONSES ->
                root.putObject("error")
                        .put("message", message)
                        .put("type", type)
                        .put("code", code)
                        .put("param", param);
            case MESSAGES -> {
                var error = root.put("type", "error")
                        .putObject("error")
                        .put("message", message)
                        .put("type", anthropicType());
                thread(error);
            }
        }
        return root;
    }

    /** Anthropic's SDKs go by these details, and not by the type, when they try without a thread. */
    private void thread(ObjectNode error) {
        if (MessageThreads.UNSUPPORTED.equals(code)) {
            error.putObject("details")
                    .put("error_code", code)
                    .putArray("unsupported")
                    .add("thread");
        } else if (MessageThreads.NOT_FOUND.equals(code)) {
            error.putObject("details").put("error_code", code);
        }
    }

    /** The frame that ends a stream of server-sent events that cannot go on. */
    public String frame(Dialect dialect) {
        return switch (dialect) {
            case CHAT -> "data: " + tree(dialect) + "\n\n";
            case MESSAGES -> event(tree(dialect));
            case RESPONSES -> {
                var data = JsonNodeFactory.instance
                        .objectNode()
                        .put("type", "error")
                        .put("sequence_number", 0);
                yield event(data.setAll(responsesError()));
            }
        };
    }

    /** OpenAI's libraries stop at the inner one, which older of them need; what is documented is the outer. */
    ObjectNode responsesError() {
        var data = JsonNodeFactory.instance
                .objectNode()
                .put("code", code)
                .put("message", message)
                .put("param", param);
        return data.setAll(tree(Dialect.RESPONSES));
    }

    private static String event(ObjectNode data) {
        return "event: error\ndata: " + data + "\n\n";
    }

    private String anthropicType() {
        return switch (status) {
            case 400, 405, 411, 415, 422 -> INVALID;
            case 401 -> "authentication_error";
            case 402 -> "billing_error";
            case 403 -> "permission_error";
            case 404 -> "not_found_error";
            case 413 -> "request_too_large";
            case 429 -> "rate_limit_error";
            case 504 -> "timeout_error";
            case 503, 529 -> "overloaded_error";
            default -> "api_error";
        };
    }

    /** A client's text, short enough to be said back. */
    private static String shown(String text) {
        return text.length() <= 200 ? text : text.substring(0, 200) + "…";
    }
}
