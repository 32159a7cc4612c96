package mlxstack.upstream;

import mlxstack.route.Backend;
import org.jspecify.annotations.Nullable;

/**
 * What is known of one hop at the moment of deciding.
 *
 * @param tried whether this request was there and failed
 * @param restSeconds until when the backend asked to be left alone; 0: it did not
 * @param open whether its breaker keeps requests away
 * @param room in its queue
 * @param spills whether a full queue sends to a backend that costs money
 * @param mayWait whether this request's time for waiting is not over
 * @param estimate seconds until one that waits gets its turn
 */
record Standing(
        Backend backend,
        boolean tried,
        int restSeconds,
        boolean open,
        Room room,
        boolean spills,
        boolean mayWait,
        int estimate) {

    enum Room {
        /** A request is taken at once. */
        FREE,
        /** All slots are taken; there is a place in the queue, or this request has one. */
        PLACE,
        FULL
    }

    @Nullable
    Integer window() {
        return backend.contextWindow();
    }
}
