package mlxstack.api;

import java.time.Instant;
import java.util.List;
import mlxstack.reconcile.Effect.EmitEvent;
import org.jspecify.annotations.Nullable;

/** The daemon's bounded store of events. Repeats are counted, not stored again. */
public interface EventSource {

    /** Those whose latest change came after {@code change}, in the order of those changes; 0 gives all. */
    List<Stored> changedSince(long change);

    /**
     * @param name unique over the life of the home; a DNS name, as in {@code primary.17a0b1c2d3e4f5a6}
     * @param change number of its latest change, rising over all events; at least 1
     * @param about name of a workload; null is the stack
     * @param count how often it was seen
     */
    record Stored(
            String name,
            long change,
            @Nullable String about,
            EmitEvent.Type type,
            String reason,
            String message,
            Instant first,
            Instant last,
            int count) {}
}
