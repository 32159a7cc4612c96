package mlxstack.route;

/**
 * Whether a text names steps: "first … then" in one line, "step 2", "2. ", "b) ". Each is looked for in one pass, so that
 * no text takes long. Stateless.
 */
final class Steps {

    private Steps() {}

    /** @param text in lower case */
    static boolean in(String text) {
        return firstThen(text) || stepNumber(text) || numbered(text) || lettered(text);
    }

    private static boolean firstThen(String text) {
        int from = 0;
        while (from < text.length()) {
            int newline = text.indexOf('\n', from);
            int end = newline < 0 ? text.length() : newline;
            int first = text.indexOf("first", from, end);
            if (first >= 0 && text.indexOf("then", first + "first".length(), end) >= 0) {
                return true;
            }
            from = end + 1;
        }
        return false;
    }

    private static boolean stepNumber(String text) {
        for (int at = text.indexOf("step"); at >= 0; at = text.indexOf("step", at + 1)) {
            int next = at + "step".length();
            while (next < text.length() && isSpace(text.charAt(next))) {
                next++;
            }
            if (next < text.length() && Character.isDigit(text.charAt(next))) {
                return true;
            }
        }
        return false;
    }

    private static boolean numbered(String text) {
        for (int at = text.indexOf('.', 1); at >= 0; at = text.indexOf('.', at + 1)) {
            if (Character.isDigit(text.charAt(at - 1)) && spaceAt(text, at + 1)) {
                return true;
            }
        }
        return false;
    }

    private static boolean lettered(String text) {
        for (int at = text.indexOf(')', 1); at >= 0; at = text.indexOf(')', at + 1)) {
            char before = text.charAt(at - 1);
            if (before >= 'a' && before <= 'z' && spaceAt(text, at + 1)) {
                return true;
            }
        }
        return false;
    }

    private static boolean spaceAt(String text, int at) {
        return at < text.length() && isSpace(text.charAt(at));
    }

    private static boolean isSpace(char c) {
        return Character.isWhitespace(c) || Character.isSpaceChar(c);
    }
}
