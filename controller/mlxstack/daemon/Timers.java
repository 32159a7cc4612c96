package mlxstack.daemon;

import java.util.HashMap;
import java.util.Map;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/** One deadline a name, in awake time. Confined to the loop's thread. */
final class Timers {

    /** What has become due. */
    record Due(String name, long at) {}

    private final Map<String, Due> current = new HashMap<>();
    /** Also holds deadlines that were replaced; they are passed over. */
    private final PriorityQueue<Due> queue = new PriorityQueue<>((a, b) -> Long.compare(a.at, b.at));

    void set(String name, long at) {
        var due = new Due(name, at);
        current.put(name, due);
        queue.add(due);
        if (queue.size() > 64 && queue.size() > 4 * current.size()) {
            queue.clear();
            queue.addAll(current.values());
        }
    }

    void cancel(String name) {
        current.remove(name);
    }

    /** The earliest one at or before {@code now}, which is then forgotten; null when there is none. */
    @Nullable
    Due take(long now) {
        Due first = first();
        if (first == null || first.at > now) {
            return null;
        }
        queue.poll();
        current.remove(first.name, first);
        return first;
    }

    /** Nanoseconds until the earliest one; {@link Long#MAX_VALUE} when there is none. */
    long until(long now) {
        Due first = first();
        return first == null ? Long.MAX_VALUE : Math.max(0, first.at - now);
    }

    private @Nullable Due first() {
        Due first = queue.peek();
        while (first != null && !first.equals(current.get(first.name))) {
            queue.poll();
            first = queue.peek();
        }
        return first;
    }
}
