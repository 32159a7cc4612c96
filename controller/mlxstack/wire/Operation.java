package mlxstack.wire;

/** What a client asks for with a POST, by its path. */
public enum Operation {
    CHAT_COMPLETIONS("/v1/chat/completions", Dialect.CHAT),
    COMPLETIONS("/v1/completions", Dialect.CHAT),
    EMBEDDINGS("/v1/embeddings", Dialect.CHAT),
    RESPONSES("/v1/responses", Dialect.RESPONSES),
    MESSAGES("/v1/messages", Dialect.MESSAGES),
    COUNT_TOKENS("/v1/messages/count_tokens", Dialect.MESSAGES),
    RERANK("/v1/rerank", Dialect.CHAT),
    /** Whatever else there is below {@code /v1/}, audio for one: passed through as it is. */
    OTHER("", Dialect.CHAT);

    private final String path;
    private final Dialect dialect;

    Operation(String path, Dialect dialect) {
        this.path = path;
        this.dialect = dialect;
    }

    /** Without the query; empty for {@link #OTHER}. */
    public String path() {
        return path;
    }

    public Dialect dialect() {
        return dialect;
    }

    /** @param path without the query; MLX Router's {@link RouterChat#PATH} is a chat too */
    public static Operation of(String path) {
        for (Operation operation : values()) {
            if (operation != OTHER && operation.path.equals(path)) {
                return operation;
            }
        }
        return path.equals(RouterChat.PATH) ? CHAT_COMPLETIONS : OTHER;
    }
}
