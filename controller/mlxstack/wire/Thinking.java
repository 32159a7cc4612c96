package mlxstack.wire;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import tools.jackson.databind.JsonNode;

/**
 * Reasoning as Messages have it. Anthropic's signature carries the thinking through a client that was not shown it; ours
 * does the same for a backend without one, in the clear: sent back with the next turn, the prompt begins as the backend
 * knows it.
 *
 * @param shown whether the client asked for thinking at all; Anthropic's models send none unasked
 * @param omitted the client wants to know that there was some, not its text
 */
record Thinking(boolean shown, boolean omitted) {

    private static final String OURS = "mlxstack:";

    /** @param thinking of the request; missing when there is none */
    static Thinking asked(JsonNode thinking) {
        String type = Json.text(thinking, "type", "disabled");
        return new Thinking(!type.equals("disabled"), "omitted".equals(Json.text(thinking, "display")));
    }

    String signature(CharSequence reasoning) {
        return OURS
                + (omitted
                        ? Base64.getEncoder()
                                .encodeToString(reasoning.toString().getBytes(StandardCharsets.UTF_8))
                        : "");
    }

    /** Whether we made this block, which Anthropic would refuse. */
    static boolean isOurs(JsonNode block) {
        return Json.text(block, "signature", "").startsWith(OURS);
    }

    /** What a client sends back; empty when only Anthropic could read it. */
    static String text(JsonNode block) {
        String text = Json.text(block, "thinking", "");
        if (!text.isEmpty() || !isOurs(block)) {
            return text;
        }
        String signature = Json.text(block, "signature", "");
        try {
            return new String(Base64.getDecoder().decode(signature.substring(OURS.length())), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException _) {
            return "";
        }
    }
}
