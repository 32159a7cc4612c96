package mlxstack.spec;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Amounts of memory as Kubernetes writes them, and percentages: {@code 6Gi}, {@code 500M}, {@code 40%}. */
public final class Quantities {

    /** One exbibyte: sums of many still fit a long. */
    public static final long LARGEST = 1L << 60;

    private static final Pattern BYTES = Pattern.compile("([0-9]{1,18}(?:[.][0-9]{1,9})?)(Ki|Mi|Gi|Ti|Pi|k|M|G|T|P)?");
    private static final Pattern PERCENT = Pattern.compile("([0-9]{1,3}(?:[.][0-9]{1,9})?)%");
    private static final String[] UNITS = {"Pi", "Ti", "Gi", "Mi", "Ki", "P", "T", "G", "M", "k"};

    private Quantities() {}

    /** Bytes, a part of one counted as a whole; null if it is none, or more than {@link #LARGEST}. */
    public static @Nullable Long bytes(String text) {
        var matcher = BYTES.matcher(text);
        if (!matcher.matches()) {
            return null;
        }
        var bytes = new BigDecimal(matcher.group(1))
                .multiply(BigDecimal.valueOf(unit(matcher.group(2))))
                .setScale(0, RoundingMode.CEILING);
        return bytes.compareTo(BigDecimal.valueOf(LARGEST)) > 0 ? null : (Long) bytes.longValueExact();
    }

    /** Bytes or a share of 0% to 100%; null if it is neither. */
    public static @Nullable Quantity parse(String text) {
        var matcher = PERCENT.matcher(text);
        if (matcher.matches()) {
            double share = Double.parseDouble(matcher.group(1));
            return share <= 100 ? new Quantity.Percent(share) : null;
        }
        var bytes = bytes(text);
        return bytes == null ? null : new Quantity.Bytes(bytes);
    }

    /** The shortest exact text, binary units first: {@code 6Gi}, {@code 500M}, {@code 1023}. */
    public static String render(long bytes) {
        var best = Long.toString(bytes);
        for (var unit : UNITS) {
            if (bytes > 0 && bytes % unit(unit) == 0) {
                var text = bytes / unit(unit) + unit;
                best = text.length() < best.length() ? text : best;
            }
        }
        return best;
    }

    public static String render(Quantity quantity) {
        return switch (quantity) {
            case Quantity.Bytes bytes -> render(bytes.count());
            case Quantity.Percent percent ->
                new BigDecimal(Double.toString(percent.share()))
                                .stripTrailingZeros()
                                .toPlainString() + "%";
        };
    }

    private static long unit(@Nullable String name) {
        return switch (name) {
            case "Ki" -> 1L << 10;
            case "Mi" -> 1L << 20;
            case "Gi" -> 1L << 30;
            case "Ti" -> 1L << 40;
            case "Pi" -> 1L << 50;
            case "k" -> 1_000;
            case "M" -> 1_000_000;
            case "G" -> 1_000_000_000;
            case "T" -> 1_000_000_000_000L;
            case "P" -> 1_000_000_000_000_000L;
            case null -> 1;
            default -> throw new IllegalArgumentException(name);
        };
    }
}
