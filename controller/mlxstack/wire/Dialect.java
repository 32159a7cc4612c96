package mlxstack.wire;

/** A family of calls that share the shape of requests, streams and errors. */
public enum Dialect {
    /** OpenAI's chat completions and all that is shaped like them: completions, embeddings, rerank, audio. */
    CHAT,
    /** OpenAI's Responses: Codex. */
    RESPONSES,
    /** Anthropic's Messages: Claude Code. */
    MESSAGES;

    /** The one whose errors a client of this path understands. */
    public static Dialect of(String path) {
        return Operation.of(path).dialect();
    }
}
