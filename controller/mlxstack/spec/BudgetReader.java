package mlxstack.spec;

import java.math.BigDecimal;
import java.util.List;

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

    private static Budget budget(Cursor at) {
        var usd = at.field("usd").text();
        return new Budget(
                usd == null || !usd.matches("[0-9]{1,9}([.][0-9]{1,9})?") ? null : new BigDecimal(usd),
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
