package mlxstack.logs;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.function.IntConsumer;

/** Gives the head of a file back to the file system while somebody goes on appending to its end. */
public interface Holes {

    /** Opens a file, created 0600 where missing, to read and write; no child inherits it. */
    Hole open(Path file) throws IOException;

    /** Opens a file to read and write: its descriptor, or a negative number. */
    interface Opener {
        int open(Path file);
    }

    /** As {@link Hole#punch}, by path. */
    interface Puncher {
        boolean punch(Path file, long offset, long length) throws IOException;
    }

    /** Out of the three system calls it takes. */
    static Holes by(Opener opener, Puncher puncher, IntConsumer closer) {
        return file -> {
            int descriptor = opener.open(file);
            if (descriptor < 0) {
                throw new IOException("cannot open " + file + " to write: error " + -descriptor);
            }
            return new Hole() {
                @Override
                public int descriptor() {
                    return descriptor;
                }

                @Override
                public boolean punch(long offset, long length) throws IOException {
                    return puncher.punch(path(), offset, length);
                }

                @Override
                public void close() {
                    closer.accept(descriptor);
                }
            };
        };
    }

    /** One open file. Confined to one thread but for {@link #descriptor}. */
    interface Hole extends Closeable {

        /** The kernel's number of it: names the file even after its path is gone. */
        int descriptor();

        /** Leads to the open file, wherever its own path went. */
        default Path path() {
            return Path.of("/dev/fd/" + descriptor());
        }

        /**
         * Gives the blocks of that range back; the file's size stays.
         *
         * @param offset bytes, as {@code length} a multiple of 4,096
         * @return false where the file system has no holes
         */
        boolean punch(long offset, long length) throws IOException;

        @Override
        void close();
    }
}
