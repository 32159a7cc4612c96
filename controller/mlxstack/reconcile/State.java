package mlxstack.reconcile;

import io.vavr.collection.HashMap;
import io.vavr.collection.HashSet;
import io.vavr.collection.Map;
import io.vavr.collection.Set;
import io.vavr.collection.Vector;
import mlxstack.spec.Workload;
import org.jspecify.annotations.Nullable;

/**
 * All the core knows. Persistent maps, so that a step costs what changed and not what exists.
 *
 * @param revision the latest accepted one; null before the first
 * @param held a revision that would delete too much and waits to be confirmed
 * @param desired the file's workloads by name, as of {@code revision}
 * @param units every name that is or was wanted and is not cleared away yet
 * @param dependents who waits on whom: dependency to dependents, of {@code desired}
 * @param pending names of idle units that are wanted and gated, so that a change elsewhere can wake them
 * @param memoryTotal bytes of memory of the machine; 0 while unknown
 * @param memoryReserved sum over units that exist
 * @param portHolders which existing unit holds a port
 * @param avoided ports found to be somebody else's, not to be allotted again
 * @param durable false after a failed write until one goes well
 * @param gatewayObserved digest of the configuration the gateway says it serves
 */
public record State(
        StackRecord stack,
        boolean recovered,
        @Nullable Revision revision,
        @Nullable Held held,
        Source source,
        Map<String, Workload> desired,
        Map<String, Unit> units,
        Map<String, Vector<String>> dependents,
        Set<String> pending,
        long memoryTotal,
        long memoryReserved,
        Map<Integer, String> portHolders,
        Set<Integer> avoided,
        boolean durable,
        Effect.@Nullable WriteGatewayConfig gateway,
        @Nullable String gatewayObserved) {

    /** @param digest of the names that would go, so that a confirmation means exactly these */
    public record Held(Revision revision, java.util.List<String> deletes, String digest) {
        private static final int SHOWN = 8;

        public Held {
            deletes = java.util.List.copyOf(deletes);
        }

        /** The names for a line of text; of many only the first few. */
        public static String some(java.util.List<String> names) {
            return names.size() <= SHOWN + 1
                    ? String.join(", ", names)
                    : String.join(", ", names.subList(0, SHOWN)) + " and %d more".formatted(names.size() - SHOWN);
        }
    }

    public static State initial(StackRecord stack) {
        return new State(
                stack,
                false,
                null,
                null,
                Source.NONE,
                HashMap.empty(),
                HashMap.empty(),
                HashMap.empty(),
                HashSet.empty(),
                0,
                0,
                HashMap.empty(),
                HashSet.empty(),
                true,
                null,
                null);
    }

    public @Nullable Unit unit(String name) {
        return units.get(name).getOrNull();
    }
}
