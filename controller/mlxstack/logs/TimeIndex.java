package mlxstack.logs;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * When how much of a launch's output had been written: pairs of (milliseconds since 1970, offset), both growing, in a
 * file of 16 bytes a pair. Immutable; usable from any thread.
 */
final class TimeIndex {

    private static final int PAIR = 16;

    /** 65,536 pairs: 18 hours of a line a second. Then every second pair of the older half goes. */
    private static final long MOST = 1 << 20;

    private final long[] times;
    private final long[] offsets;

    private TimeIndex(long[] times, long[] offsets) {
        this.times = times;
        this.offsets = offsets;
    }

    static void append(Path file, long millis, long offset) throws IOException {
        var pair = ByteBuffer.allocate(PAIR).putLong(millis).putLong(offset).flip();
        long size;
        try (var channel = PrivateFile.open(file)) {
            // Over a pair that a full disk may have cut.
            size = channel.size() / PAIR * PAIR;
            channel.write(pair, size);
        }
        if (size > MOST) {
            thin(file);
        }
    }

    private static void thin(Path file) throws IOException {
        var all = read(file);
        int count = all.times.length;
        var kept = ByteBuffer.allocate(count * PAIR);
        for (int i = 0; i < count; i++) {
            if (i >= count / 2 || i % 2 == 0) {
                kept.putLong(all.times[i]).putLong(all.offsets[i]);
            }
        }
        PrivateFile.replace(file, kept.flip());
    }

    /** Empty where there is none. */
    static TimeIndex read(Path file) throws IOException {
        byte[] bytes;
        try {
            bytes = Files.readAllBytes(file);
        } catch (NoSuchFileException e) {
            bytes = new byte[0];
        }
        var pairs = ByteBuffer.wrap(bytes);
        int count = bytes.length / PAIR;
        long[] times = new long[count];
        long[] offsets = new long[count];
        for (int i = 0; i < count; i++) {
            times[i] = pairs.getLong();
            offsets[i] = pairs.getLong();
        }
        return new TimeIndex(times, offsets);
    }

    /** The offset up to which everything was written before {@code millis}. */
    long writtenBefore(long millis) {
        int low = 0;
        int high = times.length;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (times[middle] < millis) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low == 0 ? 0 : offsets[low - 1];
    }

    /** When the byte at that offset was seen to be written; {@code unknown} if it has not been noted yet. */
    long timeOf(long offset, long unknown) {
        int low = 0;
        int high = offsets.length;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (offsets[middle] <= offset) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low == times.length ? unknown : times[low];
    }

    /** The latest time; 0 where there is none. */
    long last() {
        return times.length == 0 ? 0 : times[times.length - 1];
    }

    /** Up to which offset times are known. */
    long end() {
        return offsets.length == 0 ? 0 : offsets[offsets.length - 1];
    }
}
