package mlxstack.daemon;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import mlxstack.process.Look;
import mlxstack.process.Platform;
import mlxstack.reconcile.State;
import org.jspecify.annotations.Nullable;

/** How much memory each launch uses, its children counted in. One look serves all that is asked within a second. */
final class MemoryView {

    private static final long FRESH = TimeUnit.SECONDS.toNanos(1);

    private final Platform platform;
    private Map<Long, Long> bySession = Map.of();
    private long at = System.nanoTime() - FRESH;

    MemoryView(Platform platform) {
        this.platform = platform;
    }

    /** Bytes; null when nothing of that name runs. */
    @Nullable
    Long of(State state, String name) {
        var unit = state.unit(name);
        var identity = unit == null ? null : unit.phase().identityOrNull();
        return identity == null ? null : sessions().get(identity.pid());
    }

    private synchronized Map<Long, Long> sessions() {
        if (System.nanoTime() - at >= FRESH) {
            var sums = new HashMap<Long, Long>();
            for (Look.Row row : platform.everybody()) {
                sums.merge(row.session(), platform.resident(row.pid()), Long::sum);
            }
            bySession = sums;
            at = System.nanoTime();
        }
        return bySession;
    }
}
