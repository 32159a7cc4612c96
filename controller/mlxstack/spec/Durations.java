package mlxstack.spec;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Lengths of time as Go writes them: {@code 300ms}, {@code 30s}, {@code 1m30s}. */
public final class Durations {

    /** Longer ones are mistakes, and their nanoseconds still multiply without overflow. */
    public static final Duration LONGEST = Duration.ofDays(365);

    private static final Pattern WHOLE = Pattern.compile("([0-9]{1,15}(?:[.][0-9]{1,9})?(?:ns|us|µs|ms|s|m|h)){1,7}");
    private static final Pattern PART = Pattern.compile("([0-9]+(?:[.][0-9]+)?)(ns|us|µs|ms|s|m|h)");

    private Durations() {}

    /** @return null if it is none, or longer than {@link #LONGEST} */
    public static @Nullable Duration parse(String text) {
        if (text.equals("0")) {
            return Duration.ZERO;
        }
        if (!WHOLE.matcher(text).matches()) {
            return null;
        }
        var nanos = BigDecimal.ZERO;
        var parts = PART.matcher(text);
        while (parts.find()) {
            nanos = nanos.add(new BigDecimal(parts.group(1)).multiply(BigDecimal.valueOf(unit(parts.group(2)))));
        }
        if (nanos.compareTo(BigDecimal.valueOf(LONGEST.toNanos())) > 0) {
            return null;
        }
        return Duration.ofNanos(nanos.setScale(0, RoundingMode.DOWN).longValueExact());
    }

    /** The shortest text that reads back as the same: {@code 10m}, {@code 1m30s}, {@code 1.5ms}. */
    public static String render(Duration duration) {
        if (duration.isZero()) {
            return "0s";
        }
        var out = new StringBuilder();
        append(out, duration.toHours(), "h");
        append(out, duration.toMinutesPart(), "m");
        append(out, duration.toSecondsPart(), "s");
        int nanos = duration.toNanosPart();
        append(out, nanos / 1_000_000, "ms");
        append(out, nanos / 1_000 % 1_000, "us");
        append(out, nanos % 1_000, "ns");
        return out.toString();
    }

    private static void append(StringBuilder out, long count, String unit) {
        if (count > 0) {
            out.append(count).append(unit);
        }
    }

    private static long unit(String name) {
        return switch (name) {
            case "ns" -> 1;
            case "us", "µs" -> 1_000;
            case "ms" -> 1_000_000;
            case "s" -> 1_000_000_000L;
            case "m" -> 60_000_000_000L;
            case "h" -> 3_600_000_000_000L;
            default -> throw new IllegalArgumentException(name);
        };
    }
}
