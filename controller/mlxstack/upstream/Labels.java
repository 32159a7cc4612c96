package mlxstack.upstream;

import io.vertx.core.MultiMap;
import java.util.concurrent.TimeUnit;
import mlxstack.route.Backend;
import org.jspecify.annotations.Nullable;

/**
 * What every answer says about how it came to be.
 *
 * @param backend that answered; null when none did
 * @param hops backends that were asked
 * @param queueNanos spent waiting for a turn
 * @param position in the queue when it came there; 0: it did not wait
 * @param route the rule that matched; null when none did
 */
record Labels(
        @Nullable Backend backend,
        int hops,
        long queueNanos,
        int position,
        @Nullable String route) {

    static final String HOPS = "X-Mlxstack-Hops";
    /** Nobody was asked, and nobody waited. */
    static final Labels NONE = new Labels(null, 0, 0, 0, null);

    void put(MultiMap headers) {
        if (backend != null) {
            if (backend.isLocal()) {
                headers.set("X-Mlxstack-Endpoint", backend.id());
            }
            headers.set("X-Mlxstack-Backend", backend.id());
        }
        headers.set(HOPS, Integer.toString(hops));
        headers.set("X-Mlxstack-Queue-Ms", Long.toString(TimeUnit.NANOSECONDS.toMillis(queueNanos)));
        if (position > 0) {
            headers.set("X-Mlxstack-Queue-Position", Integer.toString(position));
        }
        if (route != null) {
            headers.set("X-Mlxstack-Route", route);
        }
    }
}
