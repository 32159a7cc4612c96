package mlxstack.spec;

/** A start waits until {@code name} has met {@code condition}; a dependency that goes away again restarts nobody. */
public record Dependency(String name, Condition condition) {

    public enum Condition {
        STARTED,
        READY,
        /** Ended, whatever the exit code. */
        COMPLETED,
        /** Ended with exit code 0. */
        SUCCEEDED
    }
}
