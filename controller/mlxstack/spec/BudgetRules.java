package mlxstack.spec;

/** Budgets say of what, and of more than nothing. */
final class BudgetRules {

    private BudgetRules() {}

    static void check(Cursor spec, Problems problems) {
        each(spec.field("gateway"), problems);
        something(spec.field("gateway").field("limits").field("usdPerMinute"), problems);
        spec.field("gateway").field("keys").items().forEach(at -> each(at, problems));
        spec.field("providers").items().forEach(at -> each(at, problems));
    }

    private static void each(Cursor at, Problems problems) {
        if (at.field("budget").present() && at.field("budgets").present()) {
            problems.add(at.field("budgets"), "found budget and budgets; expected one of them: write all into budgets");
        }
        for (var budget : BudgetReader.places(at)) {
            var usd = budget.field("usd");
            if (budget.node() instanceof Node.Mapping
                    && !usd.present()
                    && !budget.field("tokens").present()) {
                problems.add(budget, "found neither usd nor tokens; expected one of them, or both");
            }
            something(usd, problems);
        }
    }

    private static void something(Cursor at, Problems problems) {
        var usd = BudgetReader.usd(at);
        if (usd != null && usd.signum() == 0) {
            problems.add(
                    at,
                    "found %s; expected more than nothing: what may not be used is left out of allow"
                            .formatted(Found.quoted(at.text(""))));
        }
    }
}
