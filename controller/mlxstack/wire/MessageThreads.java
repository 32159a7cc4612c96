package mlxstack.wire;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A {@code thread} asks the server to remember the conversation, so that the next request brings its new messages alone.
 * Nobody here remembers; who overlooked it would answer without the history. Refused in the words upon which the SDKs
 * send everything again.
 */
public final class MessageThreads {

    static final String UNSUPPORTED = "thread_unsupported_request";
    static final String NOT_FOUND = "thread_not_found";

    private static final byte[] FIELD = {'"', 't', 'h', 'r', 'e', 'a', 'd', '"'};

    private MessageThreads() {}

    /** For bodies that go through as they are: read only if the word stands in it at all. */
    public static @Nullable ApiError refusal(byte[] body, int length) {
        if (!mentions(body, length)) {
            return null;
        }
        try {
            return refusal(Json.request(body, length));
        } catch (BadRequest e) {
            return e.error();
        }
    }

    /** Null when there is no thread to refuse. */
    static @Nullable ApiError refusal(JsonNode body) {
        var thread = body.get("thread");
        if (thread == null || thread.isNull() || (thread.isBoolean() && !thread.booleanValue())) {
            return null;
        }
        boolean goesOn = "continue".equals(Json.text(thread, "type"));
        return goesOn
                ? ApiError.invalid(
                        404,
                        NOT_FOUND,
                        "thread",
                        "this gateway keeps no threads; send all messages of the conversation")
                : ApiError.invalid(
                        400,
                        UNSUPPORTED,
                        "thread",
                        "this gateway keeps no threads; send the request without \"thread\"");
    }

    private static boolean mentions(byte[] body, int length) {
        int last = length - FIELD.length;
        for (int i = 0; i <= last; i++) {
            if (body[i] == '"'
                    && body[i + 7] == '"'
                    && Arrays.equals(FIELD, 0, FIELD.length, body, i, i + FIELD.length)) {
                return true;
            }
        }
        return false;
    }
}
