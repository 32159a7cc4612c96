package mlxstack.ledger;

/**
 * The breaker on the rate of spending: open when as much was spent within the last minute as there may be, and by itself
 * closed again once it is less. Immutable.
 *
 * @param spent nano-dollars within the last minute
 * @param limit nano-dollars; 0: none
 * @param seconds until it closes if nothing more is spent; 0 while it is closed
 */
public record SpendRate(long spent, long limit, int seconds) {

    public static final SpendRate NONE = new SpendRate(0, 0, 0);

    /** Whether nothing is bought now. */
    public boolean isOpen() {
        return seconds > 0;
    }
}
