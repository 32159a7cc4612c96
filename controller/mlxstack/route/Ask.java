package mlxstack.route;

import java.util.Map;
import mlxstack.wire.Operation;
import org.jspecify.annotations.Nullable;

/**
 * What routing knows of a request.
 *
 * @param model as the client wrote it; empty when it named a class instead
 * @param modelClass as MLX Router's agents name one; null
 * @param key the name of the key it came with; null without one
 * @param headers by name in lower case
 * @param context declared by the client ({@code X-Mlxstack-Context}, {@code metadata}), and over it what the key's own
 *     record says
 * @param traits null when nothing asks for them
 */
public record Ask(
        Operation operation,
        String model,
        @Nullable String modelClass,
        @Nullable String key,
        Map<String, String> headers,
        Map<String, String> context,
        @Nullable Traits traits) {

    public Ask {
        headers = Map.copyOf(headers);
        context = Map.copyOf(context);
    }

    /**
     * Of the body.
     *
     * @param promptTokens estimated
     * @param maxTokens asked for; 0 when not
     * @param lastUserText the last message of the user alone, without what a harness put into it
     * @param session of the conversation, the key's name before it; null when the client names none
     */
    public record Traits(
            long promptTokens,
            int maxTokens,
            boolean images,
            boolean tools,
            String lastUserText,
            @Nullable String session) {

        /** One that belongs to no session. */
        public Traits(long promptTokens, int maxTokens, boolean images, boolean tools, String lastUserText) {
            this(promptTokens, maxTokens, images, tools, lastUserText, null);
        }
    }
}
