package mlxstack.pull;

import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Objects;
import java.util.regex.Pattern;
import okhttp3.Headers;
import org.jspecify.annotations.Nullable;

/** How long a server wants to be left alone. */
final class RetryAfter {

    private RetryAfter() {}

    private static final Pattern RESET = Pattern.compile("(?:^|;)\\s*t=(\\d{1,9})");

    /** Of an answer's headers: {@code Retry-After}, or else the time in {@code RateLimit} to the next window. */
    static @Nullable Duration of(Headers headers) {
        var said = of(headers.get("Retry-After"));
        if (said != null) {
            return said;
        }
        var reset = RESET.matcher(Objects.requireNonNullElse(headers.get("RateLimit"), ""));
        return reset.find() ? Duration.ofSeconds(Long.parseLong(reset.group(1))) : null;
    }

    /** Of the header: seconds, or a date. Null when it says nothing sensible. */
    static @Nullable Duration of(@Nullable String header) {
        String text = header == null ? "" : header.strip();
        if (text.matches("\\d{1,9}")) {
            return Duration.ofSeconds(Long.parseLong(text));
        }
        try {
            var then = ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME)
                    .toInstant();
            var wait = Duration.between(Instant.now(), then);
            return wait.isNegative() ? Duration.ZERO : wait;
        } catch (DateTimeParseException e) {
            return null;
        }
    }
}
