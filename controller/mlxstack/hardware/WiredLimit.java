package mlxstack.hardware;

/** How much of a Mac's memory its GPU may keep wired. Pure. */
final class WiredLimit {

    private static final long GIB = 1L << 30;
    private static final long MIB = 1L << 20;

    private WiredLimit() {}

    /**
     * @param memoryBytes of the machine
     * @param setMib {@code iogpu.wired_limit_mb}; 0 leaves it to the system, which gives two thirds of up to 36 GiB and
     *     three quarters of more
     */
    static long bytes(long memoryBytes, long setMib) {
        if (setMib > 0) {
            return Math.min(setMib * MIB, memoryBytes);
        }
        return memoryBytes <= 36 * GIB ? memoryBytes / 3 * 2 : memoryBytes / 4 * 3;
    }
}
