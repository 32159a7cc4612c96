package mlxstack.upstream;

import java.util.Locale;
import mlxstack.route.Backend;

/**
 * How a backend is, for people and dashboards. Immutable.
 *
 * @param running requests it has
 * @param waiting requests for their turn at it
 * @param restSeconds for which it asked to be left alone; 0: it did not
 */
public record Condition(Backend backend, int running, int waiting, Circuit circuit, int restSeconds) {

    /** Of its breaker. */
    public enum Circuit {
        CLOSED,
        /** The next request tries whether it is well again. */
        HALF_OPEN,
        /** Requests are kept from it. */
        OPEN;

        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
