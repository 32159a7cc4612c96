package mlxstack.gateway;

import io.vertx.core.json.JsonObject;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a client is told when it is not served, in the words of its API.
 *
 * @param type coarse class, as OpenAI names them
 * @param code what programs may rely on; null when the type says it all
 * @param param the field of the request that is at fault; null when none is
 * @param retryAfter seconds; 0 when trying again does not help
 */
record ApiError(
        int status,
        String type,
        @Nullable String code,
        @Nullable String param,
        String message,
        int retryAfter) {

    private static final String INVALID = "invalid_request_error";
    private static final String UNAVAILABLE = "unavailable_error";
    private static final int LISTED = 20;
    /** Somebody has to start it first. */
    private static final int STOPPED_RETRY = 60;

    static ApiError invalid(int status, @Nullable String code, @Nullable String param, String message) {
        return new ApiError(status, INVALID, code, param, message, 0);
    }

    static ApiError forbidden(String message) {
        return new ApiError(403, "permission_error", "forbidden", null, message, 0);
    }

    /** @param suggestion as made by {@code Suggestions.didYouMean} */
    static ApiError unknownModel(String model, List<String> known, String suggestion) {
        String names = String.join(", ", known.subList(0, Math.min(LISTED, known.size())))
                + (known.size() > LISTED ? " and %d more".formatted(known.size() - LISTED) : "");
        return invalid(
                404,
                "model_not_found",
                "model",
                "no model \"%s\"; known: %s%s".formatted(shown(model), known.isEmpty() ? "none" : names, suggestion));
    }

    static ApiError notServing(Endpoint endpoint) {
        var how = endpoint.availability();
        int after = how == Endpoint.Availability.STOPPED ? STOPPED_RETRY : Math.max(1, endpoint.retryAfterSeconds());
        return new ApiError(
                503,
                UNAVAILABLE,
                "endpoint_" + how.word(),
                "model",
                "endpoint %s %s".formatted(endpoint.name(), how.clause),
                after);
    }

    /** It should be serving and takes no connection: the daemon is about to notice. */
    static ApiError unreachable(Endpoint endpoint, String why) {
        return new ApiError(
                503,
                UNAVAILABLE,
                "endpoint_unreachable",
                null,
                "endpoint %s takes no connection on port %d (%s); it may be restarting"
                        .formatted(endpoint.name(), endpoint.port(), why),
                Math.max(1, endpoint.retryAfterSeconds()));
    }

    /** The connection ended before the answer began. */
    static ApiError broken(Endpoint endpoint, String why) {
        return new ApiError(
                502,
                "upstream_error",
                "upstream_closed",
                null,
                "endpoint %s closed the connection without an answer (%s)".formatted(endpoint.name(), why),
                0);
    }

    /** The connection ended in the middle of the answer. */
    static ApiError truncated(Endpoint endpoint) {
        return new ApiError(
                502,
                "upstream_error",
                "upstream_truncated",
                null,
                "endpoint %s closed the connection in the middle of its answer".formatted(endpoint.name()),
                0);
    }

    /** A fault of ours. */
    static ApiError internal(Throwable fault) {
        return new ApiError(500, "internal_error", null, null, "internal error of the gateway: " + fault, 0);
    }

    static ApiError busy() {
        return new ApiError(
                503,
                UNAVAILABLE,
                "gateway_busy",
                null,
                "the requests under way fill the gateway's memory for request bodies; try again",
                1);
    }

    JsonObject json(Dialect dialect) {
        var error = new JsonObject().put("message", message).put("type", type);
        return switch (dialect) {
            case OPENAI, RESPONSES ->
                new JsonObject().put("error", error.put("code", code).put("param", param));
            case ANTHROPIC -> new JsonObject().put("type", "error").put("error", error.put("type", anthropicType()));
        };
    }

    /** The frame that ends a stream of server-sent events that cannot go on. */
    String frame(Dialect dialect) {
        return switch (dialect) {
            case OPENAI -> "data: " + json(dialect).encode() + "\n\n";
            case ANTHROPIC -> event(json(dialect));
            case RESPONSES ->
                event(new JsonObject()
                        .put("type", "error")
                        .put("code", code)
                        .put("message", message)
                        .put("param", param));
        };
    }

    private static String event(JsonObject data) {
        return "event: error\ndata: " + data.encode() + "\n\n";
    }

    private String anthropicType() {
        return switch (status) {
            case 400, 405, 411, 415 -> INVALID;
            case 403 -> "permission_error";
            case 404 -> "not_found_error";
            case 413 -> "request_too_large";
            case 503 -> "overloaded_error";
            default -> "api_error";
        };
    }

    /** A client's text, short enough to be said back. */
    private static String shown(String text) {
        return text.length() <= 200 ? text : text.substring(0, 200) + "…";
    }

    /** Whose shape errors have; OpenAI's two interfaces differ in streams only. */
    enum Dialect {
        OPENAI,
        RESPONSES,
        ANTHROPIC;

        /** @param path without the query */
        static Dialect of(String path) {
            if (path.equals("/v1/messages") || path.startsWith("/v1/messages/")) {
                return ANTHROPIC;
            }
            return path.equals("/v1/responses") ? RESPONSES : OPENAI;
        }
    }
}
