package mlxstack.logs;

import io.vavr.control.Either;
import java.io.IOException;
import mlxstack.api.LogSource;

/** Gives back what the children wrote. Holds nothing that changes; usable from any thread. */
public final class LogReader implements LogSource {

    private final LogStore store;

    public LogReader(LogStore store) {
        this.store = store;
    }

    @Override
    public Either<String, Reader> open(Query query) {
        var shelf = store.shelf(query.name());
        var launches = shelf.launches();
        var current = launches.isEmpty() ? null : launches.lastKey();
        var launch = current != null && query.previous() ? launches.lowerKey(current) : current;
        if (launch == null && (query.previous() || !query.follow())) {
            return Either.left(
                    current == null
                            ? query.name() + " has no log yet: it was never started"
                            : query.name() + " has no log of an earlier launch: launch " + current
                                    + " is the oldest that is kept");
        }
        try {
            return Either.right(new LaunchReader(store, shelf, query, launch));
        } catch (IOException e) {
            return Either.left("the log of " + query.name() + " cannot be read: " + e);
        }
    }
}
