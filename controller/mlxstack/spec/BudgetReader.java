package mlxstack.spec;

import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads {@code budget} and {@code budgets}, wherever they stand. Stateless. */
final class BudgetReader {

    private BudgetReader() {}

    /** @param at what has them */
    static List<Budget> read(Cursor at) {
        return places(at).stream().map(BudgetReader::budget).toList();
    }

    /** Where they are written: one alone, or in a list. */
    static List<Cursor> places(Cursor at) {
        var one = at.field("budget");
        return one.present() ? List.of(one) : at.field("budgets").items();
    }

    /** Null where there is none, or none that can be read. */
    static @Nullable BigDecimal usd(Cursor at) {
        var usd = at.text();
        return usd == null || !usd.matches("[0-9]{1,9}([.][0-9]{1,9})?") ? null : new BigDecimal(usd);
    }

    private static Budget budget(Cursor at) {
        return new Budget(
                usd(at.field("usd")),
                at.field("tokens").whole(),
                switch (at.field("window").text("")) {
                    case "hour" -> Budget.Window.HOUR;
                    case "week" -> Budget.Window.WEEK;
                    case "month" -> Budget.Window.MONTH;
                    default -> Budget.Window.DAY;
                },
                at.field("rolling").flag(false));
    }
}
