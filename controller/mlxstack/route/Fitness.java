package mlxstack.route;

import mlxstack.wire.ApiError;
import org.jspecify.annotations.Nullable;

/**
 * Whether a backend can take a request at all: its context window, pictures, tools. What a model can do is declared as a
 * role of its endpoint ({@code vision}, {@code tools}); where no endpoint declares it, nobody is left out for it, and a
 * provider's models are taken to do both. Made for one request.
 */
record Fitness(Table table, Ask ask) {

    private static final String WINDOW = "context_window";
    private static final String VISION = "vision";
    private static final String TOOLS = "tools";

    /** In percent of a window: the prompt's tokens are estimated, and an answer needs room. */
    private static final int USABLE = 95;

    long promptTokens() {
        var traits = ask.traits();
        return traits == null ? 0 : traits.promptTokens();
    }

    /** To expect, at most what may come. */
    long answerTokens(@Nullable Integer most) {
        var traits = ask.traits();
        int expected = Declared.expectedOutput(ask.context());
        if (traits != null && traits.maxTokens() > 0) {
            expected = Math.min(expected, traits.maxTokens());
        }
        return most == null ? expected : Math.min(expected, most);
    }

    /** What speaks against it, as a reason's word; null: nothing. */
    @Nullable
    String against(Backend backend) {
        var traits = ask.traits();
        if (traits == null) {
            return null;
        }
        Integer window = backend.contextWindow();
        if (window != null && traits.promptTokens() * 100 > (long) window * USABLE) {
            return WINDOW;
        }
        if (traits.images() && lacks(backend, VISION)) {
            return VISION;
        }
        return traits.tools() && lacks(backend, TOOLS) ? TOOLS : null;
    }

    private boolean lacks(Backend backend, String ability) {
        return backend.isLocal()
                && !backend.names().contains(ability)
                && Targets.named(table, ability).stream().anyMatch(Backend::isLocal);
    }

    ApiError refusal(String unfit, Backend backend) {
        Integer window = backend.contextWindow();
        return switch (unfit) {
            case WINDOW ->
                ApiError.invalid(
                        400,
                        "context_length_exceeded",
                        "messages",
                        "the prompt has about %d tokens; the largest model that may be chosen takes %d"
                                .formatted(promptTokens(), window == null ? 0 : window));
            case VISION ->
                ApiError.invalid(400, "unsupported_modality", "messages", "no model that may be chosen takes pictures");
            default -> ApiError.invalid(400, "unsupported_tools", "tools", "no model that may be chosen takes tools");
        };
    }
}
