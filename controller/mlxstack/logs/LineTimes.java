package mlxstack.logs;

import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;

/** When the lines of a launch were written, for a reader that goes forward. Confined to a thread. */
final class LineTimes {

    private static final long REFRESH = 500;

    private final Shelf shelf;
    private final long launch;
    private final InstantSource wall;
    private TimeIndex index;
    private long readAt;

    LineTimes(Shelf shelf, long launch, InstantSource wall) throws IOException {
        this.shelf = shelf;
        this.launch = launch;
        this.wall = wall;
        readAt = wall.millis();
        index = TimeIndex.read(shelf.times(launch));
    }

    /** RFC 3339, to the millisecond, and a blank. */
    String of(long offset) throws IOException {
        long now = wall.millis();
        if (offset >= index.end() && Math.abs(now - readAt) >= REFRESH) {
            index = TimeIndex.read(shelf.times(launch));
            readAt = now;
        }
        // What is not noted yet was written a moment ago, or by a launch whose end nobody saw.
        long written =
                Math.min(now, Math.max(index.last(), shelf.file(launch).toFile().lastModified()));
        var time = Instant.ofEpochMilli(offset < index.end() ? index.timeOf(offset, now) : written);
        String text = time.truncatedTo(ChronoUnit.MILLIS).toString();
        // The JDK leaves zeros out; columns should stand.
        return (text.length() == 20 ? text.substring(0, 19) + ".000Z" : text) + " ";
    }

    long writtenBefore(Instant since) {
        return index.writtenBefore(since.toEpochMilli());
    }
}
