package mlxstack.spec;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Slips that a YAML parser notices late, or names badly. Looked for only in the lines before a breach of syntax, so that
 * what merely looks like one does no harm. Shows names of fields, never values. Pure.
 */
final class YamlMistakes {

    private static final Pattern NO_SPACE = Pattern.compile("[\\s-]*([A-Za-z_][A-Za-z0-9_-]{0,62}):[^\\s:/].*");
    private static final Pattern NO_SPACE_AFTER_DASH = Pattern.compile("\\s*-[A-Za-z_][A-Za-z0-9_-]{0,62}:(\\s.*)?");
    private static final Pattern ODD_SPACE = Pattern.compile("[\\u00a0\\u2000-\\u200b\\u202f\\u3000]");

    private YamlMistakes() {}

    /** @param message without a place of its own */
    record Mistake(int line, int column, String message) {}

    /**
     * @param from the line in which the parser began to read what it stumbled over
     * @param to the line it stumbled in; both from 1
     * @param indented whether it read what is arranged by indentation
     */
    static @Nullable Mistake find(List<String> lines, int from, int to, boolean indented) {
        for (int i = 1; i <= lines.size(); i++) {
            var line = lines.get(i - 1);
            if (line.startsWith("<<<<<<< ") || line.startsWith(">>>>>>> ")) {
                return new Mistake(i, 1, "found the mark of a merge conflict; resolve the conflict first");
            }
        }
        if (!indented) {
            return null;
        }
        for (int i = Math.min(from, before(lines, to)); i <= Math.min(to, lines.size()); i++) {
            var mistake = in(lines.get(i - 1), i);
            if (mistake != null) {
                return mistake;
            }
        }
        return further(lines, to);
    }

    private static @Nullable Mistake in(String line, int number) {
        var space = ODD_SPACE.matcher(line);
        if (space.find()) {
            return new Mistake(
                    number,
                    column(line, space.start()),
                    "found the character U+%04X, which only looks like a space; write a space"
                            .formatted((int) line.charAt(space.start())));
        }
        Matcher field = NO_SPACE.matcher(line);
        if (field.matches() && !line.contains(": ")) {
            return new Mistake(
                    number, column(line, field.end(1)), "a space is missing after '" + field.group(1) + ":'");
        }
        if (NO_SPACE_AFTER_DASH.matcher(line).matches()) {
            return new Mistake(number, column(line, line.indexOf('-')), "a space is missing after '-'");
        }
        return null;
    }

    /** A field whose value is complete, and below it one that is indented as if it were part of it. */
    private static @Nullable Mistake further(List<String> lines, int to) {
        int previous = before(lines, to);
        if (to > lines.size() || previous == to) {
            return null;
        }
        var line = lines.get(to - 1);
        var above = lines.get(previous - 1);
        boolean field = line.matches("\\s*[A-Za-z_][A-Za-z0-9_-]*:(\\s.*)?");
        boolean complete = above.matches("[\\s-]*[A-Za-z_][A-Za-z0-9_-]*: +[^|>\\s\\[{\"'].*");
        return field && complete && indent(line) > indent(above)
                ? new Mistake(
                        to,
                        indent(line) + 1,
                        "this line is indented further than line %d, whose fields it belongs to; begin it in column %d"
                                .formatted(previous, indent(above) + 1))
                : null;
    }

    /** The line with something in it before this one. */
    private static int before(List<String> lines, int line) {
        for (int i = Math.min(line - 1, lines.size()); i >= 1; i--) {
            if (!lines.get(i - 1).isBlank() && !lines.get(i - 1).stripLeading().startsWith("#")) {
                return i;
            }
        }
        return Math.max(1, line);
    }

    /** Where a field begins, behind what makes it an item of a list. */
    private static int indent(String line) {
        int at = 0;
        while (at < line.length() && (line.charAt(at) == ' ' || line.charAt(at) == '-')) {
            at++;
        }
        return at;
    }

    private static int column(String line, int index) {
        return line.codePointCount(0, index) + 1;
    }
}
