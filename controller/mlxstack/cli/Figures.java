package mlxstack.cli;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import mlxstack.ledger.Money;
import org.jspecify.annotations.Nullable;

/** Numbers as tables, documents and CSV show them. Stateless. */
final class Figures {

    private Figures() {}

    /** {@code 1,234,567} */
    static String count(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    /** {@code 897ms}, {@code 1.2s}, {@code 12s}; {@code -} when not known. */
    static String millis(@Nullable Long ms) {
        if (ms == null) {
            return "-";
        }
        if (ms < 1000) {
            return ms + "ms";
        }
        return ms < 10_000
                ? String.format(Locale.ROOT, "%.1fs", ms / 1000.0)
                : String.format(Locale.ROOT, "%,ds", Math.round(ms / 1000.0));
    }

    /** As a number: no more decimals than it has. */
    static BigDecimal dollars(long nanos) {
        var plain = Money.dollars(nanos).stripTrailingZeros();
        return plain.scale() < 0 ? plain.setScale(0) : plain;
    }

    /**
     * A column of amounts, all with as many decimals as the smallest of them needs to be more than nothing: two, four or
     * six.
     *
     * @param nanos null is shown as {@code -}
     */
    static List<String> money(List<@Nullable Long> nanos) {
        long least = nanos.stream()
                .filter(Objects::nonNull)
                .mapToLong(each -> Math.abs(Objects.requireNonNull(each)))
                .filter(each -> each > 0)
                .min()
                .orElse(Money.DOLLAR);
        int decimals = least >= Money.DOLLAR / 100 ? 2 : least >= Money.DOLLAR / 10_000 ? 4 : 6;
        var cells = new ArrayList<String>();
        for (Long each : nanos) {
            cells.add(each == null ? "-" : money(each, decimals));
        }
        return cells;
    }

    private static String money(long nanos, int decimals) {
        var rounded = Money.dollars(nanos).setScale(decimals, RoundingMode.HALF_UP);
        return nanos > 0 && rounded.signum() == 0
                ? "<" + BigDecimal.ONE.movePointLeft(decimals).toPlainString()
                : String.format(Locale.ROOT, "%,." + decimals + "f", rounded);
    }

    /** All cells of these columns moved to the right end of their column. */
    static List<List<String>> right(List<List<String>> rows, int first, int last) {
        int[] widths = TableText.widths(rows);
        var moved = new ArrayList<List<String>>();
        for (var row : rows) {
            var cells = new ArrayList<>(row);
            for (int i = first; i <= last; i++) {
                cells.set(i, " ".repeat(Math.max(0, widths[i] - TableText.width(row.get(i)))) + row.get(i));
            }
            moved.add(cells);
        }
        return moved;
    }

    /** One line of CSV, as RFC 4180 has it but ended by a newline alone. */
    static String csv(List<String> cells) {
        var line = new StringBuilder();
        for (String cell : cells) {
            boolean plain = cell.chars().noneMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r');
            line.append(line.isEmpty() ? "" : ",").append(plain ? cell : '"' + cell.replace("\"", "\"\"") + '"');
        }
        return line.append('\n').toString();
    }
}
