package mlxstack.cli;

import java.time.Duration;
import java.time.Instant;
import java.time.Period;
import java.time.ZoneId;
import java.time.temporal.TemporalAmount;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** How far options look back: {@code 7d} is today and the six days before it, {@code 36h} is hours from now. */
final class PastOption implements ITypeConverter<TemporalAmount> {

    @Override
    public TemporalAmount convert(String value) {
        if (value.matches("[1-9][0-9]{0,3}d")) {
            return Period.ofDays(Integer.parseInt(value.substring(0, value.length() - 1)));
        }
        try {
            return new TimeOption().convert(value);
        } catch (TypeConversionException e) {
            var clearer = new TypeConversionException(
                    "expected a length of time such as 7d, 36h or 30m, found \"" + value + "\"");
            clearer.initCause(e);
            throw clearer;
        }
    }

    static Instant since(TemporalAmount past, Instant now, ZoneId zone) {
        return switch (past) {
            case Period days ->
                now.atZone(zone)
                        .toLocalDate()
                        .minus(days)
                        .plusDays(1)
                        .atStartOfDay(zone)
                        .toInstant();
            case Duration length -> now.minus(length.abs());
            default -> now.minus(past);
        };
    }
}
