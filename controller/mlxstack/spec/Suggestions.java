package mlxstack.spec;

import java.util.Collection;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Finds the name that was probably meant. */
public final class Suggestions {

    private static final int FARTHEST = 3;

    private Suggestions() {}

    /** {@code ; did you mean "port"?}, or nothing. */
    public static String didYouMean(String found, Collection<String> known) {
        var near = nearest(found, known);
        return near == null ? "" : "; did you mean " + Found.quoted(near) + "?";
    }

    /** The known name with the fewest typing errors between; null if none is near. */
    public static @Nullable String nearest(String found, Collection<String> known) {
        var wanted = folded(found);
        int allowed = wanted.length() < 3 ? 0 : Math.min(FARTHEST, Math.max(1, wanted.length() / 3));
        String best = null;
        int least = allowed + 1;
        for (var name : known) {
            int distance = distance(wanted, folded(name), allowed);
            if (distance < least) {
                least = distance;
                best = name;
            }
        }
        return best;
    }

    /** Case, hyphens and underscores do not make another name; nor does SIG before a signal. */
    private static String folded(String name) {
        var folded = name.toLowerCase(Locale.ROOT).replace("-", "").replace("_", "");
        return folded.startsWith("sig") && folded.length() > 5 && folded.length() < 9 ? folded.substring(3) : folded;
    }

    /** Insertions, deletions, replacements and swaps of neighbours; {@code limit + 1} for anything beyond it. */
    static int distance(String a, String b, int limit) {
        if (Math.abs(a.length() - b.length()) > limit) {
            return limit + 1;
        }
        int[] before = new int[b.length() + 1];
        int[] previous = new int[b.length() + 1];
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            previous[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            row[0] = i;
            int least = i;
            for (int j = 1; j <= b.length(); j++) {
                int cost = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
                row[j] = Math.min(Math.min(row[j - 1], previous[j]) + 1, previous[j - 1] + cost);
                if (i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1)) {
                    row[j] = Math.min(row[j], before[j - 2] + 1);
                }
                least = Math.min(least, row[j]);
            }
            if (least > limit) {
                return limit + 1;
            }
            var spare = before;
            before = previous;
            previous = row;
            row = spare;
        }
        return Math.min(previous[b.length()], limit + 1);
    }
}
