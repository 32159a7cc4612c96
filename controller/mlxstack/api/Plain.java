package mlxstack.api;

/** Text that came from outside, made safe for a terminal. */
public final class Plain {

    private Plain() {}

    /** {@code text} on one line and without control characters, so that nothing stored can move a cursor. */
    public static String line(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (isControl(text.charAt(i))) {
                return stripped(text);
            }
        }
        return text;
    }

    private static String stripped(String text) {
        var out = new StringBuilder(text.length());
        int i = 0;
        while (i < text.length()) {
            char c = text.charAt(i);
            if (c == '\u001b') {
                i = afterEscape(text, i + 1);
                continue;
            }
            if (c == '\n' || c == '\t' || c == '\r') {
                out.append(' ');
            } else if (!isControl(c)) {
                out.append(c);
            }
            i++;
        }
        return out.toString();
    }

    /** Skips one escape sequence: CSI up to its final letter, OSC up to its bell or terminator, else one character. */
    private static int afterEscape(String text, int from) {
        int i = from;
        if (i < text.length() && text.charAt(i) == '[') {
            i++;
            while (i < text.length() && (text.charAt(i) < '@' || text.charAt(i) > '~')) {
                i++;
            }
        } else if (i < text.length() && text.charAt(i) == ']') {
            while (i < text.length() && text.charAt(i) != '\u0007' && text.charAt(i) != '\u001b') {
                i++;
            }
            if (i < text.length() && text.charAt(i) == '\u001b') {
                i++;
            }
        }
        return Math.min(text.length(), i + 1);
    }

    /** C0, DEL, C1, and the marks that reorder text. */
    private static boolean isControl(char c) {
        return c < ' '
                || (c >= '\u007f' && c < '\u00a0')
                || (c >= '\u202a' && c <= '\u202e')
                || (c >= '\u2066' && c <= '\u2069');
    }
}
