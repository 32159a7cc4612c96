package mlxstack.logs;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Where to begin reading a launch.
 *
 * @param offset of the first byte
 * @param cut whether that may be within a line, which is to be left out
 */
record Beginning(long offset, boolean cut) {

    private static final int CHUNK = 64 * 1024;

    /** Makes a stream of the launch that begins there. */
    interface Streams {
        LaunchStream from(long offset);
    }

    /** The first that is still there. */
    static Beginning first(Shelf shelf, long launch) throws IOException {
        var segments = shelf.launch(launch).segments();
        long shift = shelf.readShift(launch);
        for (var segment : segments) {
            if (segment.size() > 0) {
                return new Beginning(segment.from(), segment.from() > 0 && segment.from() != shift);
            }
        }
        long base = segments.isEmpty() ? shift : segments.getLast().to();
        return new Beginning(base, base != shift);
    }

    /** The start of the first line that begins at {@code offset} or behind it. */
    Beginning notBefore(long other) {
        // The byte before tells whether a line begins there: it is read, and all up to a line's end left out.
        return other <= offset ? this : new Beginning(other - 1, true);
    }

    /** The start of the last so many lines of those from here to {@code end}. */
    Beginning last(long most, long end, Shelf.Launch launch, Streams streams) throws IOException {
        if (most == 0) {
            return new Beginning(Math.max(offset, end), false);
        }
        long wanted = most;
        // The end of the very last line ends nothing that is wanted beside it.
        for (long high = end - 1; high > offset; ) {
            long low = Math.max(offset, below(high, launch));
            long ends = ends(streams, low, high, Long.MAX_VALUE).count;
            if (ends >= wanted) {
                return new Beginning(ends(streams, low, high, ends - wanted + 1).last + 1, false);
            }
            wanted -= ends;
            high = low;
        }
        return this;
    }

    /** Where the segment begins that holds the byte before {@code high}, or a block of the file. */
    private static long below(long high, Shelf.Launch launch) {
        for (var segment : launch.segments()) {
            if (segment.from() < high && high <= segment.to()) {
                return segment.from();
            }
        }
        return Math.max(launch.base(), high - CHUNK);
    }

    private record Ends(long count, long last) {}

    /** The ends of lines between two offsets, at most so many of them. */
    private static Ends ends(Streams streams, long low, long high, long most) throws IOException {
        var buffer = ByteBuffer.allocate(CHUNK);
        long count = 0;
        try (var stream = streams.from(low)) {
            while (stream.position() < high && stream.read(buffer.clear()) > 0) {
                long origin = stream.position() - buffer.position();
                for (int i = 0; i < buffer.position() && origin + i < high; i++) {
                    if (buffer.get(i) == '\n' && ++count == most) {
                        return new Ends(count, origin + i);
                    }
                }
            }
        }
        return new Ends(count, -1);
    }
}
