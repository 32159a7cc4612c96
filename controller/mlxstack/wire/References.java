package mlxstack.wire;

import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** How requests of Responses go back to earlier answers. Stateless. */
public final class References {

    static final String PREVIOUS = "previous_response_id";
    private static final String ITEM = "item_reference";

    private References() {}

    /**
     * Ids of the answers that a request goes back to, in no order. Most go back to none, and are not read for it.
     *
     * @param length how many bytes of {@code body} count
     */
    public static Set<String> of(byte[] body, int length) {
        if (!mentions(body, length, PREVIOUS) && !mentions(body, length, ITEM)) {
            return Set.of();
        }
        var ids = new HashSet<String>();
        try {
            var request = Json.request(body, length);
            String previous = Json.text(request, PREVIOUS);
            if (previous != null) {
                ids.add(previous);
            }
            for (JsonNode item : request.path("input")) {
                String answer = is(item) ? answerOf(Json.text(item, "id", "")) : null;
                if (answer != null) {
                    ids.add(answer);
                }
            }
        } catch (BadRequest _) {
            // Told when it is asked.
        }
        return ids;
    }

    private static boolean mentions(byte[] body, int length, String word) {
        byte first = (byte) word.charAt(0);
        int last = length - word.length();
        for (int i = 0; i <= last; i++) {
            if (body[i] == first && matches(body, i, word)) {
                return true;
            }
        }
        return false;
    }

    private static boolean matches(byte[] body, int from, String word) {
        for (int i = 1; i < word.length(); i++) {
            if (body[from + i] != (byte) word.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    static boolean is(JsonNode item) {
        return ITEM.equals(Json.text(item, "type"));
    }

    /** An item's name has the id of its answer in the middle; null for one of others' making. */
    static @Nullable String answerOf(String item) {
        int from = item.indexOf('_');
        int to = item.lastIndexOf('_');
        return from < to ? "resp" + item.substring(from, to) : null;
    }
}
