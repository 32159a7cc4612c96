package mlxstack.harness;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import mlxstack.harness.Spot.Entry;
import mlxstack.harness.Spot.Items;
import mlxstack.harness.Spot.Table;
import org.jspecify.annotations.Nullable;

/**
 * Changes between braces and brackets: JSON with comments and commas at ends, and YAML where it is written like JSON.
 *
 * @param hash whether comments begin with {@code #} instead of {@code //} and {@code /*}
 * @param step one more level of indentation
 */
record Flow(String text, boolean hash, String step) {

    private static final int LONGEST = 100;
    private static final Pattern INDENTED = Pattern.compile("(?m)^([ \\t]+)\\S");

    static Flow of(String text, boolean hash) {
        var first = INDENTED.matcher(text);
        return new Flow(text, hash, first.find() ? first.group(1) : "  ");
    }

    String inserted(Table table, String key, Object value) {
        int last = table.entries().isEmpty()
                ? -1
                : table.entries().getLast().value().end();
        return inserted(
                table,
                table.entries().stream().map(Entry::start).toList(),
                last,
                indent -> Rendered.json(key) + ": " + Rendered.json(value, indent, step),
                Rendered.json(key) + ": " + Rendered.inline(value));
    }

    String appended(Items items, Object value) {
        int last = items.items().isEmpty() ? -1 : items.items().getLast().end();
        return inserted(
                items, items.starts(), last, indent -> Rendered.json(value, indent, step), Rendered.inline(value));
    }

    private String inserted(
            Spot into, List<Integer> starts, int last, java.util.function.UnaryOperator<String> lines, String line) {
        boolean oneLine = text.substring(into.start(), into.end()).indexOf('\n') < 0;
        String outer = Notation.indent(text, into.start());
        if (last < 0) {
            int from = into.end() - 1;
            while (Character.isWhitespace(text.charAt(from - 1))) {
                from--;
            }
            return Notation.spliced(
                    text, from, into.end() - 1, "\n" + outer + step + lines.apply(outer + step) + "\n" + outer);
        }
        int comma = comma(last);
        if (oneLine) {
            int at = comma < 0 ? last : comma + 1;
            String broken = broken(into, starts, lines.apply(outer + step), outer);
            return broken != null && at - Notation.lineStart(text, at) + line.length() > LONGEST
                    ? Notation.spliced(text, into.start(), into.end(), broken)
                    : Notation.spliced(text, at, at, (comma < 0 ? ", " : " ") + line + (comma < 0 ? "" : ","));
        }
        int first = starts.getFirst();
        String indent =
                Notation.lineStart(text, first) + Notation.indent(text, first).length() == first
                        ? Notation.indent(text, first)
                        : outer + step;
        int at = pastComment(comma < 0 ? last : comma + 1);
        String more = "\n" + indent + lines.apply(indent) + (comma < 0 ? "" : ",");
        if (closes(at)) {
            more += "\n" + outer;
        }
        String changed = Notation.spliced(text, at, at, more);
        return comma < 0 ? Notation.spliced(changed, last, last, ",") : changed;
    }

    /** With a line for each of its parts, and one more; null when that would lose a comment, or is not wanted in YAML. */
    private @Nullable String broken(Spot into, List<Integer> starts, String more, String outer) {
        if (hash || text.substring(into.start(), into.end()).contains("/*")) {
            return null;
        }
        var parts = new ArrayList<String>();
        for (int i = 0; i < starts.size(); i++) {
            int end = i + 1 < starts.size() ? starts.get(i + 1) : into.end() - 1;
            parts.add(outer
                    + step
                    + text.substring(starts.get(i), end)
                            .strip()
                            .replaceFirst(",$", "")
                            .strip());
        }
        parts.add(outer + step + more);
        return text.charAt(into.start())
                + "\n"
                + String.join(",\n", parts)
                + "\n"
                + outer
                + text.charAt(into.end() - 1);
    }

    /** Whether nothing but the closing bracket follows in this line. */
    private boolean closes(int at) {
        int next = at;
        while (next < text.length() && (text.charAt(next) == ' ' || text.charAt(next) == '\t')) {
            next++;
        }
        return next < text.length() && (text.charAt(next) == '}' || text.charAt(next) == ']');
    }

    /** The comma after this place, with nothing but blanks and comments between; -1 when there is none. */
    private int comma(int from) {
        int at = skipped(from);
        return at < text.length() && text.charAt(at) == ',' ? at : -1;
    }

    private int skipped(int from) {
        int at = from;
        while (at < text.length()) {
            if (Character.isWhitespace(text.charAt(at))) {
                at++;
            } else if (comment(at)) {
                at = commentEnd(at);
            } else {
                return at;
            }
        }
        return at;
    }

    private boolean comment(int at) {
        return hash ? text.charAt(at) == '#' : text.startsWith("//", at) || text.startsWith("/*", at);
    }

    private int commentEnd(int at) {
        if (!hash && text.startsWith("/*", at)) {
            int end = text.indexOf("*/", at + 2);
            return end < 0 ? text.length() : end + 2;
        }
        return Notation.lineEnd(text, at);
    }

    /** Behind a comment that stands in the same line. */
    private int pastComment(int from) {
        int at = from;
        while (at < text.length() && (text.charAt(at) == ' ' || text.charAt(at) == '\t')) {
            at++;
        }
        return at < text.length() && comment(at) ? commentEnd(at) : from;
    }

    /**
     * Without what stands from {@code start} to before {@code end}, one comma and the line it had for itself.
     *
     * @param before where the one before it ends; -1 when it is the first
     */
    String without(int start, int end, int before) {
        int comma = comma(end);
        int from = start;
        int to = comma < 0 ? end : comma + 1;
        int line = Notation.lineStart(text, from);
        int after = to;
        while (after < text.length() && (text.charAt(after) == ' ' || text.charAt(after) == '\t')) {
            after++;
        }
        boolean ownLine = text.substring(line, from).isBlank();
        if (ownLine && Notation.lineEnd(text, after) == after) {
            from = line;
            to = Math.min(text.length(), text.indexOf('\n', after) < 0 ? text.length() : text.indexOf('\n', after) + 1);
        } else if (!ownLine) {
            while (from > 0 && (text.charAt(from - 1) == ' ' || text.charAt(from - 1) == '\t')) {
                from--;
            }
        }
        String cut = text.substring(0, from) + text.substring(to);
        if (comma < 0 && before >= 0) {
            int previous = comma(before);
            if (previous >= 0 && previous < from) {
                return cut.substring(0, previous) + cut.substring(previous + 1);
            }
        }
        return cut;
    }

    String without(Table table, int entry) {
        var gone = table.entries().get(entry);
        return without(
                gone.start(),
                gone.value().end(),
                entry == 0 ? -1 : table.entries().get(entry - 1).value().end());
    }

    String without(Items items, int item) {
        return without(
                items.starts().get(item),
                items.items().get(item).end(),
                item == 0 ? -1 : items.items().get(item - 1).end());
    }

    static Map<String, Object> map(Map<?, ?> any) {
        var map = new java.util.LinkedHashMap<String, Object>();
        any.forEach((key, value) -> map.put(String.valueOf(key), value));
        return map;
    }
}
