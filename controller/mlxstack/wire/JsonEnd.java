package mlxstack.wire;

/** Whether the pieces of a JSON object or list, as they come, are all of it. One a value. */
final class JsonEnd {

    private int depth;
    private boolean began;
    private boolean inString;
    private boolean escaped;

    void seen(String piece) {
        for (int i = 0; i < piece.length(); i++) {
            char c = piece.charAt(i);
            if (inString) {
                inString = escaped || c != '"';
                escaped = !escaped && c == '\\';
            } else if (c == '"') {
                inString = true;
            } else if (c == '{' || c == '[') {
                depth++;
                began = true;
            } else if (c == '}' || c == ']') {
                depth--;
            }
        }
    }

    boolean isWhole() {
        return began && depth <= 0 && !inString;
    }
}
