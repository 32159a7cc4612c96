package mlxstack.api;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Numbers of bytes as people read them. */
public final class Bytes {

    private Bytes() {}

    /** {@code 512Mi}, {@code 6Gi}, {@code 5.5Gi}; {@code <none>} for null. */
    public static String text(@Nullable Long bytes) {
        if (bytes == null) {
            return "<none>";
        }
        String[] units = {"", "Ki", "Mi", "Gi", "Ti"};
        double value = bytes;
        int unit = 0;
        while (value >= 1024 && unit < units.length - 1) {
            value /= 1024;
            unit++;
        }
        boolean whole = value >= 100 || Math.abs(value - Math.rint(value)) < 0.05;
        return (whole ? Long.toString(Math.round(value)) : String.format(Locale.ROOT, "%.1f", value)) + units[unit];
    }
}
