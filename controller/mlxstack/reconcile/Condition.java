package mlxstack.reconcile;

import java.time.Instant;

/**
 * One observed fact about a name, as Kubernetes writes it.
 *
 * @param reason one CamelCase word
 * @param since when {@code status} last flipped
 */
public record Condition(Type type, Status status, String reason, String message, Instant since) {

    public enum Type {
        Ready,
        Progressing,
        Flapping,
        PortConflict,
        InsufficientMemory,
        Outdated,
        Suspended,
        StateNotDurable
    }

    public enum Status {
        True,
        False,
        Unknown
    }
}
