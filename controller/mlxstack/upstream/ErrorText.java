package mlxstack.upstream;

import java.util.Objects;
import mlxstack.route.Backend;
import mlxstack.wire.ApiError;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.json.JsonMapper;

/** Reads what backends say went wrong: {@code {"error":{"message":…}}}, {@code {"error":"…"}}, or no JSON at all. Stateless. */
final class ErrorText {

    private static final int LONGEST = 1_000;

    private ErrorText() {}

    /** Made when something fails for the first time. */
    private static final class Lazy {
        static final ObjectMapper JSON = JsonMapper.builder().build();
    }

    static String message(String body) {
        var root = parsed(body);
        String text = root == null ? null : words(root);
        return shortened(text == null ? body.strip() : text);
    }

    /** The same in our words, for a client that speaks another dialect or has had the beginning of a stream. */
    static ApiError of(Backend backend, int status, int retryAfter, String body) {
        var root = parsed(body);
        String message = message(body);
        var error = root == null ? null : root.get("error");
        return new ApiError(
                status,
                type(status),
                error == null ? null : text(error, "code"),
                error == null ? null : text(error, "param"),
                message.isEmpty() ? "%s answered with status %d".formatted(backend.id(), status) : message,
                retryAfter);
    }

    private static String type(int status) {
        return switch (status) {
            case 401 -> "authentication_error";
            case 403 -> "permission_error";
            case 429 -> "rate_limit_error";
            case 503 -> "unavailable_error";
            default -> status >= 500 ? "upstream_error" : "invalid_request_error";
        };
    }

    private static @Nullable JsonNode parsed(String body) {
        if (!body.stripLeading().startsWith("{")) {
            return null;
        }
        try {
            return Lazy.JSON.readTree(body);
        } catch (JacksonException e) {
            return null;
        }
    }

    private static @Nullable String words(JsonNode root) {
        var error = root.get("error");
        if (error == null || error.isNull()) {
            var flat = text(root, "message");
            return flat == null ? text(root, "detail") : flat;
        }
        return error.isString()
                ? error.stringValue()
                : Objects.requireNonNullElseGet(text(error, "message"), error::toString);
    }

    private static @Nullable String text(JsonNode node, String field) {
        var value = node.get(field);
        return value != null && value.isString() ? value.stringValue() : null;
    }

    private static String shortened(String text) {
        return text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "…";
    }
}
