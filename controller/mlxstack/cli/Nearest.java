package mlxstack.cli;

import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Finds what somebody probably meant. */
final class Nearest {

    private Nearest() {}

    /** Up to three of {@code known} that are one or two slips away from {@code word} or begin with it, nearest first. */
    static List<String> of(String word, Stream<String> known) {
        int allowed = word.length() < 4 ? 1 : 2;
        record Ranked(String name, int distance) {}
        return known.distinct()
                .map(name -> new Ranked(
                        name, word.length() > 1 && name.startsWith(word) ? 1 : distance(word, name, allowed)))
                .filter(r -> r.distance() <= allowed)
                .sorted(Comparator.comparingInt(Ranked::distance).thenComparing(Ranked::name))
                .limit(3)
                .map(Ranked::name)
                .toList();
    }

    /** Insertions, deletions, replacements and swaps of neighbours; anything above {@code limit} is just above it. */
    static int distance(String a, String b, int limit) {
        if (Math.abs(a.length() - b.length()) > limit) {
            return limit + 1;
        }
        int[][] d = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                if (i == 0 || j == 0) {
                    d[i][j] = i + j;
                    continue;
                }
                int cost = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
                d[i][j] = Math.min(Math.min(d[i - 1][j] + 1, d[i][j - 1] + 1), d[i - 1][j - 1] + cost);
                if (i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1)) {
                    d[i][j] = Math.min(d[i][j], d[i - 2][j - 2] + 1);
                }
            }
        }
        return d[a.length()][b.length()];
    }

    /** {@code ; did you mean "x" or "y"?}, or nothing. */
    static String hint(List<String> found) {
        return found.isEmpty() ? "" : "; did you mean \"" + String.join("\" or \"", found) + "\"?";
    }
}
