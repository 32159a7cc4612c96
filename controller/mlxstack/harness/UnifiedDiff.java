package mlxstack.harness;

import java.util.ArrayList;
import java.util.List;

/** Two texts as {@code diff -u} compares them. Pure. */
final class UnifiedDiff {

    private static final int CONTEXT = 3;

    private UnifiedDiff() {}

    private record Line(char kind, String text, int before, int after) {}

    /** Empty when they are equal. */
    static String of(String beforeName, String afterName, String before, String after) {
        if (before.equals(after)) {
            return "";
        }
        var lines = compared(lines(before), lines(after));
        var text = new StringBuilder("--- " + beforeName + "\n+++ " + afterName + "\n");
        int i = 0;
        while (i < lines.size()) {
            if (lines.get(i).kind() == ' ') {
                i++;
                continue;
            }
            int from = Math.max(0, i - CONTEXT);
            int end = i;
            for (int j = i; j < lines.size() && j - end <= 2 * CONTEXT; j++) {
                end = lines.get(j).kind() == ' ' ? end : j;
            }
            int to = Math.min(lines.size(), end + 1 + CONTEXT);
            hunk(text, lines.subList(from, to));
            i = to;
        }
        return text.toString();
    }

    private static void hunk(StringBuilder text, List<Line> lines) {
        long removed = lines.stream().filter(line -> line.kind() != '+').count();
        long added = lines.stream().filter(line -> line.kind() != '-').count();
        var first = lines.getFirst();
        text.append("@@ -").append(range(first.before(), removed));
        text.append(" +").append(range(first.after(), added)).append(" @@\n");
        for (Line line : lines) {
            text.append(line.kind()).append(line.text());
            text.append(line.text().endsWith("\n") ? "" : "\n\\ No newline at end of file\n");
        }
    }

    private static String range(int before, long count) {
        int start = count == 0 ? before : before + 1;
        return count == 1 ? String.valueOf(start) : start + "," + count;
    }

    private static List<String> lines(String text) {
        var lines = new ArrayList<String>();
        int from = 0;
        while (from < text.length()) {
            int newline = text.indexOf('\n', from);
            int to = newline < 0 ? text.length() : newline + 1;
            lines.add(text.substring(from, to));
            from = to;
        }
        return lines;
    }

    /** By the longest common sequence of what differs between a common beginning and a common end. */
    private static List<Line> compared(List<String> before, List<String> after) {
        int head = 0;
        while (head < Math.min(before.size(), after.size()) && before.get(head).equals(after.get(head))) {
            head++;
        }
        int tail = 0;
        while (tail < Math.min(before.size(), after.size()) - head
                && before.get(before.size() - 1 - tail).equals(after.get(after.size() - 1 - tail))) {
            tail++;
        }
        int n = before.size() - tail;
        int m = after.size() - tail;
        int[][] common = new int[n - head + 1][m - head + 1];
        for (int i = n - 1; i >= head; i--) {
            for (int j = m - 1; j >= head; j--) {
                common[i - head][j - head] = before.get(i).equals(after.get(j))
                        ? common[i - head + 1][j - head + 1] + 1
                        : Math.max(common[i - head + 1][j - head], common[i - head][j - head + 1]);
            }
        }
        var lines = new ArrayList<Line>();
        int i = 0;
        int j = 0;
        while (i < before.size() || j < after.size()) {
            boolean inside = i >= head && i < n && j >= head && j < m;
            if ((i < before.size() && j < after.size() && (i < head || (i >= n && j >= m)))
                    || (inside && before.get(i).equals(after.get(j)))) {
                lines.add(new Line(' ', before.get(i), i, j));
                i++;
                j++;
            } else if (i < n && (j >= m || common[i - head + 1][j - head] >= common[i - head][j - head + 1])) {
                lines.add(new Line('-', before.get(i), i, j));
                i++;
            } else {
                lines.add(new Line('+', after.get(j), i, j));
                j++;
            }
        }
        return lines;
    }
}
