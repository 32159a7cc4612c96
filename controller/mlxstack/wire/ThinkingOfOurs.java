package mlxstack.wire;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A conversation that a local model began goes on with Anthropic's, which refuses thinking that it has not signed: what
 * we signed is taken out before the body is passed through.
 */
public final class ThinkingOfOurs {

    private static final byte[] MARK = "\"mlxstack:".getBytes(StandardCharsets.UTF_8);

    private ThinkingOfOurs() {}

    /**
     * The body without it; null when there is none, and the bytes may go as they are.
     *
     * @param model the backend's own name for it
     */
    public static byte @Nullable [] removed(byte[] body, int length, String model) {
        if (!mentions(body, length)) {
            return null;
        }
        ObjectNode request;
        try {
            request = Json.request(body, length);
        } catch (BadRequest _) {
            return null;
        }
        if (!(request.get("messages") instanceof ArrayNode messages)) {
            return null;
        }
        messages.removeIf(message -> message.get("content") instanceof ArrayNode blocks
                && !blocks.isEmpty()
                && blocks.removeIf(Thinking::isOurs).isEmpty());
        request.put("model", model);
        return Json.bytes(request);
    }

    private static boolean mentions(byte[] body, int length) {
        int last = length - MARK.length;
        for (int i = 0; i <= last; i++) {
            if (body[i] == '"' && body[i + 1] == 'm' && Arrays.equals(MARK, 0, MARK.length, body, i, i + MARK.length)) {
                return true;
            }
        }
        return false;
    }
}
