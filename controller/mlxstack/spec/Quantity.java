package mlxstack.spec;

/** Where a memory figure comes from: a number of bytes, or a share of what the machine has. */
public sealed interface Quantity {

    /** @param total bytes of memory the machine has */
    long bytes(long total);

    record Bytes(long count) implements Quantity {
        @Override
        public long bytes(long total) {
            return count;
        }
    }

    /** @param share 0 to 100 */
    record Percent(double share) implements Quantity {
        @Override
        public long bytes(long total) {
            return (long) (total * (share / 100));
        }
    }
}
