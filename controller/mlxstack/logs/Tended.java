package mlxstack.logs;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** A live log, and what the store's thread remembers of it from look to look. Confined to that thread. */
final class Tended {

    /** A line index entry at most so often. */
    private static final long SAMPLE = 1_000_000_000L;

    /** So much of a log is searched for lines before others get their turn. */
    private static final long FEED = 4 << 20;

    final LiveLog log;
    final List<LineWatch> watches = new ArrayList<>();

    /** When to look again. As all times here but for {@link #sampledMillis}: nanoseconds of the monotonic clock. */
    long due;

    boolean removed;
    boolean failing;

    private long seen;
    private long lookedAt;
    private long grewAt;
    private long checkedAt;
    private long rate;
    private long sampledAt;
    private long sampledTo;
    private long sampledMillis;

    Tended(LiveLog log, long now) throws IOException {
        this.log = log;
        var times = TimeIndex.read(log.shelf.times(log.launch));
        sampledTo = times.end();
        sampledMillis = times.last();
        sampledAt = now - SAMPLE;
        seen = Math.max(log.base(), sampledTo);
        lookedAt = now;
        grewAt = now;
        checkedAt = now;
        due = now;
    }

    /** Bytes a second written between the last two looks. */
    long rate() {
        return rate;
    }

    long quiet(long now) {
        return now - grewAt;
    }

    /**
     * Sees how much there is now.
     *
     * @return how many bytes there were when somebody shortened the file, -1 when nobody did
     */
    long measure(long now) throws IOException {
        long cut = -1;
        long size = log.size();
        if (size < seen) {
            cut = seen;
            log.startAgainAt(seen);
            size = log.size();
        }
        long elapsed = Math.max(1, now - lookedAt);
        rate = (long) ((size - seen) * 1e9 / elapsed);
        if (size > seen) {
            grewAt = now;
        }
        seen = size;
        lookedAt = now;
        return cut;
    }

    /** How much there was at the last look. */
    long seen() {
        return seen;
    }

    /** Whether to see if the file still has its name; for one that is not written to, hardly ever. */
    boolean isToBeChecked(long now, long period) {
        boolean due = now - checkedAt >= (grewAt - checkedAt > 0 ? period : 60 * period);
        if (due) {
            checkedAt = now;
        }
        return due;
    }

    /** When the next entry of the index is owed; {@link Long#MAX_VALUE} if none is. */
    long sampleDue() {
        return seen > sampledTo ? sampledAt + SAMPLE : Long.MAX_VALUE;
    }

    /** Notes when what was seen last had been written. The file knows, even if we looked late. */
    void sample(long now, long wall) throws IOException {
        sampledMillis = Math.max(sampledMillis, Math.min(wall, log.writtenAt()));
        TimeIndex.append(log.shelf.times(log.launch), sampledMillis, seen);
        sampledTo = seen;
        sampledAt = now;
    }

    /** Whether there is more to search at once. */
    boolean feed() throws IOException {
        boolean more = false;
        for (var all = watches.iterator(); all.hasNext(); ) {
            var watch = all.next();
            more |= watch.feed(FEED);
            if (watch.isClosed()) {
                watch.release();
                all.remove();
            }
        }
        return more;
    }

    /** The launch is over. */
    void finish() throws IOException {
        for (LineWatch watch : watches) {
            watch.finish();
        }
    }

    void close() throws IOException {
        for (LineWatch watch : watches) {
            watch.release();
        }
        watches.clear();
        log.close();
    }
}
