package mlxstack.spec;

/**
 * Admission control over unified memory: at most {@code min(budget of total, total - reserve)} may be declared by what
 * runs at one time. A stack without {@code spec.memory} admits everything.
 */
public record MemoryPolicy(Quantity budget, Quantity reserve) {

    /** @param total bytes of memory the machine has
     * @return bytes that may be reserved, never negative */
    public long budgetOf(long total) {
        return Math.max(0, Math.min(budget.bytes(total), total - reserve.bytes(total)));
    }
}
