package mlxstack.scoring;

import java.util.Locale;

/** Amounts of memory and tokens as people read them. Stateless. */
final class Amounts {

    private static final double GIB = 1L << 30;
    private static final double MIB = 1L << 20;

    private Amounts() {}

    /** {@code 512Mi}, {@code 5.5Gi}, {@code 96Gi}, {@code 104Gi} */
    static String bytes(long bytes) {
        if (bytes < GIB) {
            return Math.round(bytes / MIB) + "Mi";
        }
        double gib = bytes / GIB;
        boolean whole = gib >= 100 || Math.abs(gib - Math.rint(gib)) < .05;
        return String.format(Locale.ROOT, whole ? "%.0fGi" : "%.1fGi", gib);
    }

    /** {@code 32,768} */
    static String count(int number) {
        return String.format(Locale.ROOT, "%,d", number);
    }
}
