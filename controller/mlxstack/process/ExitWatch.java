package mlxstack.process;

import java.util.List;
import mlxstack.reconcile.ExitStatus;
import org.jspecify.annotations.Nullable;

/** The kernel's news of processes that end, children or not. {@link #await} from one thread; the rest from any. */
interface ExitWatch extends AutoCloseable {

    enum Watching {
        YES,
        /** There is no such process any more. */
        GONE,
        /** The kernel cannot; look at it now and then. */
        REFUSED
    }

    /** @param token names the watch in {@link #await}; positive and used once */
    Watching watch(long token, long pid);

    /** Tokens of processes that have ended; empty after the time, an interruption or a {@link #wake}.
     * @param millis -1 waits for ever */
    List<Long> await(int millis);

    /** Makes a waiting {@link #await} return. */
    void wake();

    /** What the kernel remembers of an ended process that somebody else has reaped; null if nothing. */
    @Nullable
    ExitStatus remembered(long token);

    /** Lets go of what a watch holds. */
    void forget(long token);

    @Override
    void close();
}
