package mlxstack.cli;

import java.time.Duration;
import mlxstack.spec.Durations;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Lengths of time as options take them: as in stack files, or plain seconds; negative ones too. */
final class TimeOption implements ITypeConverter<Duration> {

    @Override
    public Duration convert(String value) {
        String text = value.startsWith("-") ? value.substring(1) : value;
        Duration length = Durations.parse(text.matches("[0-9]{1,8}") ? text + "s" : text);
        if (length == null) {
            throw new TypeConversionException(
                    "expected a length of time such as 30s, 5m or 1h30m, found \"" + value + "\"");
        }
        return value.startsWith("-") ? length.negated() : length;
    }
}
