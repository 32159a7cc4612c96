package mlxstack.wire;

/** Why an answer ended, in chat's words and in Anthropic's. */
final class StopReasons {

    private StopReasons() {}

    /**
     * @param finish of chat; servers say {@code stop} also after calls
     * @param calls whether the answer has any
     */
    static String messages(String finish, boolean calls) {
        return switch (finish) {
            case "length" -> "max_tokens";
            case "content_filter" -> "refusal";
            default -> calls ? "tool_use" : "end_turn";
        };
    }

    /** @param stop of Messages */
    static String chat(String stop) {
        return switch (stop) {
            case "max_tokens", "model_context_window_exceeded" -> "length";
            case "tool_use" -> "tool_calls";
            case "refusal" -> "content_filter";
            default -> "stop";
        };
    }
}
