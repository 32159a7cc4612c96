package mlxstack.reconcile;

/**
 * Which process is meant, beyond doubt: pids are reused, and wall-clock start times move.
 *
 * @param pid also the process group and session, since every launch has its own
 * @param start raw kernel start time: clock ticks since boot on Linux, microseconds on macOS
 */
public record Identity(String bootId, long pid, long start) {}
