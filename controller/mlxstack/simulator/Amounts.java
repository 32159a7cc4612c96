package mlxstack.simulator;

import java.time.Duration;
import java.util.Locale;
import java.util.regex.Pattern;

/** Reads durations as Go writes them and byte counts as Kubernetes does. Stateless. */
final class Amounts {

    private static final Pattern DURATION_PART = Pattern.compile("(\\d+(?:\\.\\d+)?)(ms|us|h|m|s)");
    private static final Pattern BYTES = Pattern.compile("(\\d+)(Ki|Mi|Gi|k|M|G)?");

    private Amounts() {}

    /** @throws BadKnob unless {@code text} is like {@code 250ms}, {@code 2s} or {@code 1m30s}; {@code 0} is zero */
    static Duration duration(String knob, String text) {
        if (text.equals("0")) {
            return Duration.ZERO;
        }
        var part = DURATION_PART.matcher(text);
        double nanos = 0;
        int end = 0;
        while (part.find() && part.start() == end) {
            nanos += Double.parseDouble(part.group(1)) * nanosOf(part.group(2));
            end = part.end();
        }
        if (end == 0 || end != text.length()) {
            throw new BadKnob("%s: found \"%s\", expected a duration such as 250ms, 2s or 1m30s".formatted(knob, text));
        }
        return Duration.ofNanos(Math.round(nanos));
    }

    private static double nanosOf(String unit) {
        return switch (unit) {
            case "h" -> 3600e9;
            case "m" -> 60e9;
            case "s" -> 1e9;
            case "ms" -> 1e6;
            default -> 1e3;
        };
    }

    /** @param text like {@code 10Mi/s} or {@code 500k}
     * @return bytes each second */
    static long rate(String knob, String text) {
        String amount = text.endsWith("/s") ? text.substring(0, text.length() - 2) : text;
        var match = BYTES.matcher(amount);
        if (!match.matches()) {
            throw new BadKnob(
                    "%s: found \"%s\", expected bytes a second such as 10Mi/s or 500k/s".formatted(knob, text));
        }
        String unit = match.group(2) == null ? "" : match.group(2);
        return Long.parseLong(match.group(1)) * bytesOf(unit);
    }

    private static long bytesOf(String unit) {
        return switch (unit.toLowerCase(Locale.ROOT)) {
            case "ki" -> 1L << 10;
            case "mi" -> 1L << 20;
            case "gi" -> 1L << 30;
            case "k" -> 1_000;
            case "m" -> 1_000_000;
            case "g" -> 1_000_000_000;
            default -> 1;
        };
    }

    static int count(String knob, String text) {
        try {
            int value = Integer.parseInt(text);
            if (value >= 0) {
                return value;
            }
        } catch (NumberFormatException e) {
            // Said below, in one voice with negative numbers.
        }
        throw new BadKnob("%s: found \"%s\", expected a whole number from 0 upward".formatted(knob, text));
    }
}
