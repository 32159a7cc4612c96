package mlxstack.api;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Lengths of time as people read them. */
public final class Ages {

    private Ages() {}

    /** From {@code then} to {@code now}, as {@code kubectl} writes it; {@code <unknown>} for null. */
    public static String since(@Nullable Instant then, Instant now) {
        return then == null ? "<unknown>" : human(Duration.between(then, now));
    }

    /** Two units at most: {@code 45s 5m30s 17m 3h20m 30h 2d5h 90d 3y10d}. A negative length counts as zero. */
    public static String human(Duration length) {
        long s = Math.max(0, length.toSeconds());
        long m = s / 60;
        long h = m / 60;
        long d = h / 24;
        if (s < 120) {
            return s + "s";
        } else if (m < 10) {
            return m + "m" + some(s % 60, "s");
        } else if (h < 3) {
            return m + "m";
        } else if (h < 8) {
            return h + "h" + some(m % 60, "m");
        } else if (h < 48) {
            return h + "h";
        } else if (d < 8) {
            return d + "d" + some(h % 24, "h");
        } else if (d < 2 * 365) {
            return d + "d";
        } else if (d < 8 * 365) {
            return d / 365 + "y" + some(d % 365, "d");
        }
        return d / 365 + "y";
    }

    private static String some(long count, String unit) {
        return count == 0 ? "" : count + unit;
    }
}
