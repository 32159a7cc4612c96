package mlxstack.logs;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.jspecify.annotations.Nullable;

/**
 * Moves the head of a log into a segment: copied and durable first, then let go. Confined to the store's thread.
 *
 * <p>A death at any point harms nothing: an unfinished segment has a temporary name, and the name of a finished one
 * says which bytes of the file are to be let go.
 */
final class Rotation implements AutoCloseable {

    static final int BLOCK = 4096;

    /** The file always ends in so much, or in so many lines where those are more. */
    static final long TAIL = 256 * 1024;

    static final int LINES = 1000;

    private static final int TRIES = 4;

    /** Until a file system says that it has none. */
    private boolean holes = true;

    private final LogEvents events;
    private @Nullable GzipSegment gzip;
    private final ByteBuffer scan = ByteBuffer.allocate(64 * 1024);

    Rotation(LogEvents events) {
        this.events = events;
    }

    /** How many bytes a file may have before its head goes. */
    static long trigger(long segment) {
        return segment + TAIL;
    }

    /**
     * Moves at most {@code segment} bytes.
     *
     * @param rate bytes a second that were written lately
     * @return whether anything was moved
     */
    boolean rotate(LiveLog log, long segment, long rate) throws IOException {
        long size = log.size();
        if (size - log.base() < trigger(segment)) {
            return false;
        }
        if (!holes) {
            cut(log, rate);
            return true;
        }
        long to = keepFrom(log, size, Math.max(segment, TAIL));
        to = log.shift() + LiveLog.floor(Math.min(to, log.base() + segment) - log.shift());
        if (to <= log.base()) {
            return false;
        }
        archive(log, log.base(), to, true);
        if (!log.drop(to)) {
            holes = false;
            cut(log, rate);
        }
        return true;
    }

    /** Where the part begins that stays, {@code most} bytes from the end at most. */
    private long keepFrom(LiveLog log, long size, long most) throws IOException {
        long floor = Math.max(log.base(), size - most);
        int lines = 0;
        for (long high = size; high > floor; ) {
            long low = Math.max(floor, high - scan.capacity());
            scan.clear().limit((int) (high - low));
            while (scan.hasRemaining() && log.read(scan, low + scan.position()) > 0) {
                // until the block is whole
            }
            for (int i = scan.position() - 1; i >= 0; i--) {
                if (scan.get(i) == '\n' && ++lines > LINES) {
                    return Math.min(low + i + 1, size - TAIL);
                }
            }
            high = low;
        }
        return floor;
    }

    /** Copies bytes into a finished segment. */
    void archive(LiveLog log, long from, long to, boolean sync) throws IOException {
        if (gzip == null) {
            gzip = new GzipSegment();
        }
        Path unfinished = log.shelf.temporary(log.launch, from);
        try (var file = PrivateFile.fresh(unfinished)) {
            gzip.write(log, from, to, file, sync);
        } catch (IOException e) {
            Files.deleteIfExists(unfinished);
            throw e;
        }
        Files.move(unfinished, log.shelf.segment(log.launch, from, to), StandardCopyOption.ATOMIC_MOVE);
        if (sync) {
            log.shelf.sync();
        }
    }

    /** Without holes: copy all there is, ever closer to the end, and empty the file. */
    private void cut(LiveLog log, long rate) throws IOException {
        long from = log.base();
        long size = log.size();
        for (int i = 0; i < TRIES && size > from; i++) {
            archive(log, from, size, i == 0);
            from = size;
            size = log.size();
        }
        long before = System.nanoTime();
        long lost = log.size() - from;
        log.truncate(from);
        long risk = lost + Math.ceilDiv(rate * (System.nanoTime() - before), 1_000_000_000L);
        if (risk > 0) {
            events.happened(
                    log.name,
                    LogEvents.Reason.LogBytesAtRisk,
                    "the file system of " + log.shelf.dir() + " has no holes, so the log was copied and cut: up to "
                            + risk
                            + " bytes written meanwhile may be missing after byte " + from
                            + "; keep the home on a file system with holes (APFS, ext4, xfs, btrfs)");
        }
    }

    /**
     * Lets bytes go that are in no segment, and leaves an empty segment that says so.
     *
     * @return how many
     */
    long giveUp(LiveLog log, long to) throws IOException {
        long from = log.base();
        to = holes ? log.shift() + LiveLog.floor(to - log.shift()) : log.size();
        if (to <= from) {
            return 0;
        }
        mark(log.shelf, log.shelf.launch(log.launch), to);
        if (!log.drop(to)) {
            holes = false;
            to = log.size();
            log.truncate(to);
        }
        return to - from;
    }

    /**
     * Leaves an empty segment from the base to {@code to}. Renames the one before where there is one: that takes no room
     * on a full disk.
     */
    static void mark(Shelf shelf, Shelf.Launch launch, long to) throws IOException {
        var segments = launch.segments();
        if (!segments.isEmpty() && segments.getLast().size() == 0) {
            var last = segments.getLast();
            Files.move(last.file(), shelf.segment(last.launch(), last.from(), to), StandardCopyOption.ATOMIC_MOVE);
        } else {
            PrivateFile.touch(shelf.segment(launch.number(), launch.base(), to));
        }
    }

    /** Gives the buffers back. */
    void rest() {
        if (gzip != null) {
            gzip.close();
            gzip = null;
        }
    }

    @Override
    public void close() {
        rest();
    }
}
