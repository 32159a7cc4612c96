package mlxstack.source;

import java.io.IOException;
import java.util.List;

/**
 * Tells early that something may have changed. Only ever a hint: what is not hinted at is found by polling, what is
 * hinted at is looked at again, so an implementation may miss, repeat and invent as it likes.
 *
 * <p>{@link #watch} and {@link #close} are called by one thread; the {@link Ear} by any, and it does no work.
 */
public interface Hints extends AutoCloseable {

    /**
     * From now on exactly these, instead of any before. May block for milliseconds.
     *
     * @throws java.nio.file.NoSuchFileException one of them is gone again
     * @throws IOException nothing is watched now; the message says what was exhausted or refused
     */
    void watch(List<LinkChain.Spot> spots) throws IOException;

    @Override
    void close();

    /** Makes the hints of one watcher. */
    interface Factory {
        Hints open(Ear ear);
    }

    /** Who is told. */
    interface Ear {
        /** Something with a name that matters has changed. */
        void changed();

        /** One of the watched directories itself came or went, or events were lost: watch again. */
        void doubtful();

        /** No more hints will come, though nobody closed. */
        void lost(String message);
    }
}
