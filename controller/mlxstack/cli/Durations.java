package mlxstack.cli;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads {@code 1h30m}, {@code 500ms}, {@code 0}: lengths of time as options take them. */
final class Durations implements ITypeConverter<Duration> {

    private static final Pattern PART = Pattern.compile("([0-9]+(?:\\.[0-9]+)?)(ms|s|m|h|d)");

    @Override
    public Duration convert(String value) {
        String text = value.startsWith("-") ? value.substring(1) : value;
        if (text.matches("[0-9]{1,9}")) {
            return signed(value, Duration.ofSeconds(Long.parseLong(text)));
        }
        Matcher part = PART.matcher(text);
        Duration sum = Duration.ZERO;
        int at = 0;
        while (at < text.length() && part.find(at) && part.start() == at) {
            sum = sum.plusMillis(Math.round(Double.parseDouble(part.group(1)) * millis(part.group(2))));
            at = part.end();
        }
        if (text.isEmpty() || at != text.length()) {
            throw new TypeConversionException(
                    "expected a length of time such as 30s, 5m or 1h30m, found \"" + value + "\"");
        }
        return signed(value, sum);
    }

    private static Duration signed(String value, Duration length) {
        return value.startsWith("-") ? length.negated() : length;
    }

    private static long millis(String unit) {
        return switch (unit) {
            case "ms" -> 1;
            case "s" -> 1_000;
            case "m" -> 60_000;
            case "h" -> 3_600_000;
            default -> 86_400_000;
        };
    }
}
