package mlxstack.cli;

import java.util.List;

/** Text for narrow terminals. Stateless. */
final class Compact {

    private static final String GAP = "  ";

    private Compact() {}

    /**
     * Words with commas between them, under each other where the terminal ends.
     *
     * @param columns of the terminal; 0 for none
     * @param start what stands before the first
     */
    static String wrapped(int columns, String start, List<String> words) {
        int most = columns == 0 ? Integer.MAX_VALUE : columns;
        var text = new StringBuilder(start);
        int width = start.length();
        for (int i = 0; i < words.size(); i++) {
            String word = words.get(i) + (i < words.size() - 1 ? "," : "");
            if (width + word.length() + 1 > most && width > start.length()) {
                text.append('\n').repeat(' ', start.length());
                width = start.length();
            } else if (i > 0) {
                text.append(' ');
                width++;
            }
            text.append(word);
            width += word.length();
        }
        return text.append('\n').toString();
    }

    /** As {@link TableText}, but narrower. */
    static String table(List<List<String>> rows) {
        int[] widths = TableText.widths(rows);
        var text = new StringBuilder();
        for (var row : rows) {
            var line = new StringBuilder();
            for (int i = 0; i < row.size(); i++) {
                line.append(row.get(i));
                if (i < row.size() - 1) {
                    line.repeat(' ', widths[i] - TableText.width(row.get(i))).append(GAP);
                }
            }
            text.append(line).append('\n');
        }
        return text.toString();
    }
}
