package mlxstack.engine;

/**
 * The smallest question that only a loaded model can answer.
 *
 * @param path to POST to
 * @param body JSON
 */
public record TokenCheck(String path, String body) {

    static TokenCheck of(String model) {
        return new TokenCheck(
                "/v1/chat/completions",
                "{\"model\":\"" + escaped(model)
                        + "\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}],\"max_tokens\":1,\"stream\":false}");
    }

    private static String escaped(String text) {
        var out = new StringBuilder();
        text.chars().forEach(c -> {
            if (c == '"' || c == '\\') {
                out.append('\\').append((char) c);
            } else if (c < ' ') {
                out.append("\\u%04x".formatted(c));
            } else {
                out.append((char) c);
            }
        });
        return out.toString();
    }
}
