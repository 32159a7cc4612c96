package mlxstack.reconcile;

import java.util.Map;
import mlxstack.reconcile.Command.Mark;
import org.jspecify.annotations.Nullable;

/**
 * What must outlive the machine about the whole stack.
 *
 * @param homeId random, made once; first part of every nonce
 * @param seed of all jitter
 * @param ports allotted, by name; remembered for as long as the name exists
 * @param down set by {@code down} until {@code up}
 */
public record StackRecord(
        String homeId,
        long seed,
        Map<String, Integer> ports,
        @Nullable Mark down,
        @Nullable Mark suspended) {

    public StackRecord {
        ports = Map.copyOf(ports);
    }
}
