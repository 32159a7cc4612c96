package mlxstack.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import mlxstack.api.Plain;
import org.jspecify.annotations.Nullable;

/** Two-space indented blocks of {@code Name:  value} lines, as {@code kubectl describe} prints them. */
final class Blocks {

    private record Line(int indent, String key, String value) {}

    private final List<Line> lines = new ArrayList<>();
    private int indent;

    Blocks put(String key, @Nullable Object value) {
        if (value != null) {
            lines.add(new Line(indent, key + ":", Plain.line(value.toString())));
        }
        return this;
    }

    /** One line for each entry, the key in front of the first only. */
    Blocks map(String key, Map<String, String> entries) {
        return list(
                key,
                new TreeMap<>(entries)
                        .entrySet().stream()
                                .map(e -> e.getKey() + "=" + e.getValue())
                                .toList());
    }

    Blocks list(String key, List<String> values) {
        if (values.isEmpty()) {
            return put(key, "<none>");
        }
        for (int i = 0; i < values.size(); i++) {
            lines.add(new Line(indent, i == 0 ? key + ":" : "", Plain.line(values.get(i))));
        }
        return this;
    }

    Blocks heading(String key) {
        lines.add(new Line(indent, key + ":", ""));
        return this;
    }

    Blocks in() {
        indent++;
        return this;
    }

    Blocks out() {
        indent--;
        return this;
    }

    @Override
    public String toString() {
        int width = 0;
        for (Line line : lines) {
            width = Math.max(width, line.indent() * 2 + line.key().length());
        }
        var text = new StringBuilder();
        for (Line line : lines) {
            String start = " ".repeat(line.indent() * 2) + line.key();
            text.append(start);
            if (!line.value().isEmpty()) {
                text.repeat(' ', width + 2 - start.length()).append(line.value());
            }
            text.append('\n');
        }
        return text.toString();
    }

    /** A table under a heading, {@code <none>} beside it when there are no rows. */
    static String table(String heading, List<String> columns, List<List<String>> rows) {
        if (rows.isEmpty()) {
            return heading + ":  <none>\n";
        }
        var all = new ArrayList<List<String>>();
        all.add(columns);
        all.add(columns.stream().map(c -> "-".repeat(c.length())).toList());
        all.addAll(rows);
        return heading + ":\n" + TableText.of(all).indent(2);
    }
}
