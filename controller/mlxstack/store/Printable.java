package mlxstack.store;

import java.util.regex.Pattern;

/** Text from outside, made fit for a terminal and for one line. */
public final class Printable {

    /** CSI and OSC sequences, then single escapes; in their 7-bit and 8-bit forms. */
    private static final Pattern ESCAPES = Pattern.compile(
            "(?:\\x1b\\[|\\x9b)[0-?]*[ -/]*[@-~]?|(?:\\x1b[\\]PX^_]|[\\x9d\\x90\\x98\\x9e\\x9f])[^\\x07\\x1b\\x9c]*(?:\\x07|\\x1b\\\\|\\x9c)?|\\x1b[ -/]*[0-~]?");

    private Printable() {}

    /** Without escape sequences, control and text-direction characters; at most {@code longest} characters. */
    public static String line(String text, int longest) {
        String plain = clean(text) ? text : ESCAPES.matcher(text).replaceAll("");
        var line = new StringBuilder(Math.min(plain.length(), longest));
        for (int i = 0; i < plain.length() && line.length() < longest; i++) {
            char c = plain.charAt(i);
            if (c == '\n' || c == '\t' || c == '\r' || c == '\u2028' || c == '\u2029') {
                line.append(' ');
            } else if (!Character.isISOControl(c) && !turnsText(c)) {
                line.append(c);
            }
        }
        if (!line.isEmpty() && Character.isHighSurrogate(line.charAt(line.length() - 1))) {
            line.setLength(line.length() - 1);
        }
        return line.toString().strip();
    }

    private static boolean clean(String text) {
        return text.chars().noneMatch(Character::isISOControl);
    }

    private static boolean turnsText(char c) {
        return (c >= '\u202a' && c <= '\u202e') || (c >= '\u2066' && c <= '\u2069') || c == '\u200e' || c == '\u200f';
    }
}
