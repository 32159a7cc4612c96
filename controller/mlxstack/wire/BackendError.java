package mlxstack.wire;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** A backend's refusal, whatever its shape, as one of ours. */
public final class BackendError {

    private static final Pattern TITLE =
            Pattern.compile("<(title|h1)[^>]*>(.*?)</\\1>", Pattern.CASE_INSENSITIVE | Pattern.DOTALL);
    private static final Pattern TAGS = Pattern.compile("<(script|style).*?</\\1>|<[^>]*>", Pattern.DOTALL);
    private static final Pattern SPACES = Pattern.compile("\\s+");
    private static final int LONGEST_PAGE = 300;
    private static final int LONGEST_READ = 64 << 10;
    private static final String REFUSED =
            "the endpoint refused the key that the gateway gave it; check the secret it is configured with";
    private static final int A_MINUTE = 60;
    private static final int A_DAY = 86_400;

    private BackendError() {}

    /**
     * The status is kept, except where it would blame the client for what lies behind the gateway: 401 is about our key,
     * and a 404 that is only a text is how {@code mlx_lm.server} says that it failed.
     *
     * @param status of the answer; 200 where the body alone tells of the error
     * @param body as far as it came
     * @param retryAfter the header; seconds, or a date, which is taken for a minute: there is no clock here
     */
    public static ApiError read(int status, @Nullable String contentType, byte[] body, @Nullable String retryAfter) {
        var json = json(contentType, body);
        var error = json == null ? null : json.get("error");
        var inner = error instanceof ObjectNode object ? object : json;
        String message = json == null ? null : ErrorText.in(json);
        if (message == null || message.isBlank()) {
            message = json == null ? page(body) : ErrorText.shortened(Json.text(json));
        }
        if (message.isEmpty()) {
            message = "the endpoint answered with status %d and said no more".formatted(status);
        }
        int ours = status(status, error);
        if (status == 401) {
            // In its own words it may quote a part of the key.
            return new ApiError(ours, "upstream_error", "upstream_key", null, REFUSED, 0);
        }
        String type = type(ours, inner == null ? null : Json.text(inner, "type"));
        String code = inner == null ? null : code(inner, message);
        String param = inner == null ? null : Json.text(inner, "param");
        return new ApiError(ours, type, code, param, message, seconds(retryAfter, ours));
    }

    private static @Nullable ObjectNode json(@Nullable String contentType, byte[] body) {
        if (contentType != null && contentType.toLowerCase(Locale.ROOT).contains("html")) {
            return null;
        }
        try {
            var node = Json.read(body, body.length);
            // Some wrap the object into a list of one.
            var only = node.isArray() && node.size() == 1 ? node.get(0) : node;
            return only instanceof ObjectNode object ? object : null;
        } catch (JacksonException _) {
            return null;
        }
    }

    /** What a page for people says, without its markup. */
    private static String page(byte[] body) {
        String text = new String(body, 0, Math.min(body.length, LONGEST_READ), StandardCharsets.UTF_8);
        var title = TITLE.matcher(text);
        if (title.find()) {
            text = title.group(2);
        }
        String plain = SPACES.matcher(TAGS.matcher(text).replaceAll(" "))
                .replaceAll(" ")
                .strip();
        return plain.length() <= LONGEST_PAGE ? plain : plain.substring(0, LONGEST_PAGE) + "…";
    }

    private static int status(int status, @Nullable JsonNode error) {
        return switch (status) {
            case 401, 407 -> 502;
            case 404 -> error != null && error.isString() ? 502 : 404;
            case 408 -> 504;
            case 529 -> 503;
            default -> status >= 400 && status < 600 ? status : 502;
        };
    }

    /** OpenAI's words; Anthropic's and those of others become them. */
    private static String type(int status, @Nullable String said) {
        String known = said == null ? "" : said;
        return switch (status) {
            case 400, 405, 409, 411, 413, 415, 422 -> known.endsWith("_error") ? known : "invalid_request_error";
            case 402 -> "insufficient_quota";
            case 403 -> "permission_error";
            case 404 -> "invalid_request_error";
            case 429 -> known.equals("insufficient_quota") ? known : "rate_limit_error";
            case 502 -> "upstream_error";
            case 503 -> "unavailable_error";
            default -> status < 500 ? "invalid_request_error" : "server_error";
        };
    }

    private static @Nullable String code(ObjectNode error, String message) {
        String code = Json.text(error, "code");
        if (code != null && !code.isEmpty()) {
            return code;
        }
        String type = Json.text(error, "type", "");
        // What clients compact their conversation upon, in whatever words.
        String words = message.toLowerCase(Locale.ROOT);
        boolean tooLong = type.equals("exceed_context_size_error")
                || words.contains("context length")
                || words.contains("context window")
                || words.contains("prompt is too long")
                || words.contains("exceeds the available context");
        if (tooLong) {
            return "context_length_exceeded";
        }
        return type.equals("overloaded_error") ? "overloaded" : null;
    }

    private static int seconds(@Nullable String retryAfter, int status) {
        boolean mayWork = status == 429 || status == 503;
        if (retryAfter == null || retryAfter.isBlank()) {
            return mayWork ? 1 : 0;
        }
        try {
            double seconds = Double.parseDouble(retryAfter.strip());
            return (int) Math.clamp(Math.ceil(seconds), 0, A_DAY);
        } catch (NumberFormatException _) {
            return A_MINUTE;
        }
    }
}
