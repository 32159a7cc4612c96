package mlxstack.cli;

import java.util.ArrayList;
import java.util.List;
import mlxstack.api.Columns;
import mlxstack.api.Item;
import mlxstack.api.Meta;

/** Tables as {@code kubectl} prints them: columns three blanks apart, as wide as their widest cell. */
final class TableText {

    private static final String GAP = "   ";

    private TableText() {}

    /** @param rows all as long as the first
     * @return lines, each ended; nothing after the last cell of a row */
    static String of(List<List<String>> rows) {
        return of(rows, widths(rows));
    }

    /** @param widths least width of each column; a longer cell pushes the rest of its row */
    static String of(List<List<String>> rows, int[] widths) {
        var out = new StringBuilder();
        for (var row : rows) {
            for (int i = 0; i < row.size(); i++) {
                String cell = row.get(i);
                out.append(cell);
                if (i < row.size() - 1) {
                    out.repeat(' ', Math.max(0, widths[i] - width(cell))).append(GAP);
                }
            }
            out.append('\n');
        }
        return out.toString();
    }

    static int[] widths(List<List<String>> rows) {
        int[] widths = new int[rows.isEmpty() ? 0 : rows.getFirst().size()];
        for (var row : rows) {
            for (int i = 0; i < row.size(); i++) {
                widths[i] = Math.max(widths[i], width(row.get(i)));
            }
        }
        return widths;
    }

    /** Characters seen; colour sequences take no room. */
    static int width(String cell) {
        int width = 0;
        for (int i = 0; i < cell.length(); i++) {
            if (cell.charAt(i) == '\u001b') {
                i = cell.indexOf('m', i);
            } else if (!Character.isLowSurrogate(cell.charAt(i))) {
                width++;
            }
        }
        return width;
    }

    /** What a table of objects shows beside the columns of their kind. */
    record Shape(boolean wide, boolean labels, String prefix) {}

    static List<String> headings(List<Columns.Column> columns, Shape shape) {
        var row = new ArrayList<String>();
        for (var column : columns) {
            if (shape.wide() || !column.wide()) {
                row.add(column.heading());
            }
        }
        if (shape.labels()) {
            row.add("LABELS");
        }
        return row;
    }

    static List<String> row(Item item, List<Columns.Column> columns, Shape shape, Columns.Sight sight) {
        var row = new ArrayList<String>();
        for (var column : columns) {
            if (shape.wide() || !column.wide()) {
                String cell = column.cell().apply(item, sight);
                row.add(row.isEmpty() ? shape.prefix() + cell : cell);
            }
        }
        if (shape.labels()) {
            row.add(labels(item));
        }
        return row;
    }

    /** {@code a=b,c=d}, or {@code <none>}. */
    static String labels(Item item) {
        var text = new StringBuilder();
        Meta.labels(item).entrySet().stream()
                .sorted(java.util.Map.Entry.comparingByKey())
                .forEach(e -> text.append(text.isEmpty() ? "" : ",")
                        .append(e.getKey())
                        .append('=')
                        .append(e.getValue()));
        return text.isEmpty() ? "<none>" : text.toString();
    }
}
