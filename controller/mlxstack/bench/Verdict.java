package mlxstack.bench;

/** How a figure compares with what was expected of it. */
public enum Verdict {
    PASS,
    WARN,
    FAIL;

    private static final double SLACK = 0.15;
    private static final double TOO_MUCH = 0.30;

    /** More than expected is well. */
    public static Verdict of(double measured, double expected) {
        double shortfall = shortfall(measured, expected);
        return shortfall <= SLACK ? PASS : shortfall <= TOO_MUCH ? WARN : FAIL;
    }

    /** What is missing, as a share of what was expected; negative when there is more. */
    public static double shortfall(double measured, double expected) {
        return (expected - measured) / expected;
    }
}
