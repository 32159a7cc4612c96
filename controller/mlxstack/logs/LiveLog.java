package mlxstack.logs;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;

/**
 * The file a running launch writes to, held open by number so that it can be followed even when its path is gone.
 * Changed by the store's thread only; {@link #base}, {@link #shift}, {@link #size} and {@link #reopen} are for readers on
 * any thread.
 */
final class LiveLog {

    final String name;
    final long launch;
    final Shelf shelf;
    private final Holes.Hole hole;
    private final FileChannel channel;
    private final @Nullable Object key;

    /** The first byte that is still in the file. Raised before the bytes below it go. */
    private volatile long base;

    /** The offset of the file's first byte. 0 unless somebody cut the file. */
    private volatile long shift;

    private volatile boolean closed;

    private LiveLog(String name, long launch, Shelf shelf, Holes.Hole hole, FileChannel channel, @Nullable Object key) {
        this.name = name;
        this.launch = launch;
        this.shelf = shelf;
        this.hole = hole;
        this.channel = channel;
        this.key = key;
    }

    /** Makes the file where it is missing, and takes up where an earlier life left off. */
    static LiveLog open(Holes holes, Shelf shelf, String name, long launch) throws IOException {
        Path file = shelf.file(launch);
        PrivateFile.touch(file);
        var hole = holes.open(file);
        try {
            var channel = FileChannel.open(hole.path(), StandardOpenOption.READ);
            var log = new LiveLog(name, launch, shelf, hole, channel, key(file));
            try {
                log.recover();
            } catch (IOException e) {
                channel.close();
                throw e;
            }
            return log;
        } catch (IOException e) {
            hole.close();
            throw e;
        }
    }

    private void recover() throws IOException {
        for (Path unfinished : shelf.temporaries(launch)) {
            Files.deleteIfExists(unfinished);
        }
        base = shelf.launch(launch).base();
        shift = shelf.readShift(launch);
        if (channel.size() + shift < base) {
            // Cut, and the daemon ended before it could be written down.
            startAgainAt(base);
        } else if (base > shift) {
            // The segment was finished, the hole perhaps not.
            hole.punch(0, floor(base - shift));
        }
    }

    /** Of the way to the end of the last whole block. */
    static long floor(long bytes) {
        return bytes / Rotation.BLOCK * Rotation.BLOCK;
    }

    private static @Nullable Object key(Path file) throws IOException {
        try {
            return Files.readAttributes(file, BasicFileAttributes.class).fileKey();
        } catch (java.nio.file.NoSuchFileException e) {
            return null;
        }
    }

    /** A channel of the reader's own: interrupting a reader closes its channel. */
    synchronized FileChannel reopen() throws IOException {
        if (closed) {
            throw new java.nio.channels.ClosedChannelException();
        }
        return FileChannel.open(hole.path(), StandardOpenOption.READ);
    }

    /** From then on others may change the file. */
    boolean isClosed() {
        return closed;
    }

    long base() {
        return base;
    }

    long shift() {
        return shift;
    }

    /** The offset behind the last byte written. */
    long size() throws IOException {
        return channel.size() + shift;
    }

    /** Milliseconds since 1970 of the last write. */
    long writtenAt() throws IOException {
        return Files.getLastModifiedTime(hole.path()).toMillis();
    }

    boolean isRemoved() throws IOException {
        return !java.util.Objects.equals(key, key(shelf.file(launch)));
    }

    int read(ByteBuffer into, long offset) throws IOException {
        return channel.read(into, offset - shift);
    }

    /**
     * The bytes below {@code to} are in a segment, or given up: gives their blocks back.
     *
     * @return false where the file system has no holes: the bytes are still there, but nobody reads them any more
     */
    boolean drop(long to) throws IOException {
        long from = floor(base - shift);
        base = to;
        long end = floor(to - shift);
        return end <= from || hole.punch(from, end - from);
    }

    /** Empties the file; the next byte written has the offset {@code to}. */
    void truncate(long to) throws IOException {
        base = to;
        try (var own = FileChannel.open(hole.path(), StandardOpenOption.WRITE)) {
            own.truncate(0);
        }
        startAgainAt(to);
    }

    /** The file was cut to nothing or little: what it holds now began at {@code offset}. */
    void startAgainAt(long offset) throws IOException {
        base = Math.max(base, offset);
        shift = offset;
        Shelf.writeNumber(shelf.shift(launch), offset);
    }

    synchronized void close() throws IOException {
        closed = true;
        channel.close();
        hole.close();
    }
}
