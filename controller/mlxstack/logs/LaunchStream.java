package mlxstack.logs;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.StandardOpenOption;
import java.util.zip.GZIPInputStream;
import mlxstack.logs.Shelf.Segment;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of one launch in order, out of segments and file, whatever is rotated meanwhile. Never waits. Confined to
 * one thread.
 */
final class LaunchStream implements Closeable {

    private final Shelf shelf;
    private final long launch;
    private final @Nullable LiveLog live;
    private @Nullable FileChannel file;
    private @Nullable InputStream segment;
    private long segmentEnd;
    private long position;
    private long missed;

    /** @param live null for a launch that is not written to by a process of this store */
    LaunchStream(Shelf shelf, long launch, @Nullable LiveLog live, long from) {
        this.shelf = shelf;
        this.launch = launch;
        this.live = live;
        this.position = from;
    }

    /** The offset of the next byte. */
    long position() {
        return position;
    }

    /** How many bytes were gone before they could be read, since this was last asked. */
    long missed() {
        long count = missed;
        missed = 0;
        return count;
    }

    /** The first byte that is in the file. Asked of the directory once the launch is over: its file may be shortened. */
    private long base() throws IOException {
        return live != null && !live.isClosed()
                ? live.base()
                : Math.max(shelf.launch(launch).base(), shelf.readShift(launch));
    }

    private long shift() throws IOException {
        return live != null && !live.isClosed() ? live.shift() : shelf.readShift(launch);
    }

    /** Whether the byte at that offset was the first to be written after somebody emptied the file. */
    boolean isFresh(long offset) throws IOException {
        return offset == 0 || offset == shift();
    }

    /** The offset behind the last byte that is there now. */
    long end() throws IOException {
        var channel = file();
        return Math.max(base(), channel == null ? 0 : channel.size() + shift());
    }

    private @Nullable FileChannel file() throws IOException {
        if (file == null) {
            try {
                file = live != null ? live.reopen() : FileChannel.open(shelf.file(launch), StandardOpenOption.READ);
            } catch (NoSuchFileException | java.nio.channels.ClosedChannelException e) {
                return live != null && Files.exists(shelf.file(launch)) ? reopenEnded() : null;
            }
        }
        return file;
    }

    /** The launch ended between being looked up and being opened. */
    private FileChannel reopenEnded() throws IOException {
        var channel = FileChannel.open(shelf.file(launch), StandardOpenOption.READ);
        file = channel;
        return channel;
    }

    /** Adds what there is to {@code into}; 0 at the present end. Returns early after a gap, see {@link #missed}. */
    int read(ByteBuffer into) throws IOException {
        while (true) {
            if (segment != null) {
                int got = readSegment(into);
                if (got > 0) {
                    return got;
                }
            } else if (position < base()) {
                if (!openSegment()) {
                    return 0;
                }
            } else {
                int got = readFile(into);
                if (got >= 0) {
                    return got;
                }
            }
        }
    }

    /** -1 when the bytes went into a segment while they were read. */
    private int readFile(ByteBuffer into) throws IOException {
        var channel = file();
        if (channel == null) {
            return base() > position ? -1 : 0;
        }
        int start = into.position();
        long at = position - shift();
        int got = at < 0 ? 0 : channel.read(into, at);
        // What was read before the base moved beyond it is no hole: holes come after.
        if (base() > position) {
            into.position(start);
            return -1;
        }
        if (got <= 0) {
            return 0;
        }
        position += got;
        return got;
    }

    private int readSegment(ByteBuffer into) throws IOException {
        var open = java.util.Objects.requireNonNull(segment);
        int want = (int) Math.min(into.remaining(), segmentEnd - position);
        int got = 0;
        if (want > 0) {
            try {
                got = open.read(into.array(), into.arrayOffset() + into.position(), want);
            } catch (java.io.EOFException | java.util.zip.ZipException e) {
                // given up while it was read
            }
        }
        if (got <= 0) {
            if (want > 0) {
                skipTo(segmentEnd); // cut short: what a segment lacks is nowhere else
            }
            open.close();
            segment = null;
            return 0;
        }
        into.position(into.position() + got);
        position += got;
        return got;
    }

    private void skipTo(long offset) {
        missed += offset - position;
        position = offset;
    }

    /** False when there is nothing more. */
    private boolean openSegment() throws IOException {
        Segment next = shelf.launch(launch).after(position);
        if (next == null) {
            // The list is older than the base only if somebody deleted segments.
            skipTo(base());
            return true;
        }
        if (next.from() > position) {
            skipTo(Math.min(next.from(), base()));
            return true;
        }
        try {
            if (next.size() == 0) {
                skipTo(next.to());
                return true;
            }
            segment = unpacked(next);
            segmentEnd = next.to();
        } catch (NoSuchFileException | java.io.EOFException | java.util.zip.ZipException e) {
            skipTo(next.to());
        }
        return true;
    }

    private InputStream unpacked(Segment next) throws IOException {
        var raw = Files.newInputStream(next.file());
        try {
            var opened = new GZIPInputStream(raw, 64 * 1024);
            opened.skipNBytes(position - next.from());
            return opened;
        } catch (IOException e) {
            raw.close();
            throw e;
        }
    }

    @Override
    public void close() throws IOException {
        if (segment != null) {
            segment.close();
        }
        if (file != null) {
            file.close();
        }
    }
}
