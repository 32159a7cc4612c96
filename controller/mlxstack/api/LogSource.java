package mlxstack.api;

import io.vavr.control.Either;
import java.io.Closeable;
import java.io.IOException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Reads what the children wrote. */
public interface LogSource {

    /** Left: one line saying why there is nothing to read. */
    Either<String, Reader> open(Query query);

    /**
     * @param previous the launch before the current one
     * @param follow go on, across rotations and restarts, until closed
     * @param tail at most so many of the last lines; null is all
     * @param since only lines written at or after; null is all
     * @param timestamps put an RFC 3339 time and a blank before each line
     */
    record Query(
            String name,
            boolean previous,
            boolean follow,
            @Nullable Long tail,
            @Nullable Instant since,
            boolean timestamps) {}

    /** Owned by one thread; {@link #close} may come from any and ends a waiting {@link #next}. */
    interface Reader extends Closeable {

        /** The next bytes, as written; null at the end. Waits while following. */
        byte @Nullable [] next() throws IOException, InterruptedException;
    }
}
