package mlxstack.spec;

import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/**
 * What may be spent within a window. At least one of {@code usd} and {@code tokens} is there.
 *
 * @param rolling the window ends now; otherwise it is one of the calendar, in the machine's time zone
 */
public record Budget(@Nullable BigDecimal usd, @Nullable Long tokens, Window window, boolean rolling) {

    public enum Window {
        HOUR,
        DAY,
        WEEK,
        MONTH
    }
}
