package mlxstack.logs;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import mlxstack.api.LogSource;
import org.jspecify.annotations.Nullable;

/**
 * Reads a launch, and those after it when it follows. Nobody waits for it: what it has not read yet is in the segments,
 * and what is gone from there is said in a line of its own. As for threads see {@link LogSource.Reader}.
 */
final class LaunchReader implements LogSource.Reader {

    private static final long SOON = 10;
    private static final long LATE = 200;

    private final LogStore store;
    private final Shelf shelf;
    private final LogSource.Query query;
    private final byte[] bytes = new byte[64 * 1024];
    private final ByteBuffer buffer = ByteBuffer.wrap(bytes);
    private final CountDownLatch closed = new CountDownLatch(1);
    private final LineShape shape;
    private @Nullable LaunchStream stream;
    private long launch;
    private long end = Long.MAX_VALUE;
    private boolean over;
    private long wait = SOON;

    /** @param first null to wait for one */
    LaunchReader(LogStore store, Shelf shelf, LogSource.Query query, @Nullable Long first) throws IOException {
        this.store = store;
        this.shelf = shelf;
        this.query = query;
        shape = new LineShape(query.timestamps());
        if (first != null) {
            begin(first);
        }
    }

    private LaunchStream stream(long number, long from) {
        return new LaunchStream(shelf, number, store.live(query.name(), number), from);
    }

    /** Where the query says. */
    private void begin(long number) throws IOException {
        var from = Beginning.first(shelf, number);
        long present;
        try (var look = stream(number, from.offset())) {
            present = look.end();
        }
        var times = new LineTimes(shelf, number, store.wall());
        var since = query.since();
        if (since != null) {
            from = from.notBefore(Math.min(present, times.writtenBefore(since)));
        }
        var tail = query.tail();
        if (tail != null) {
            from = from.last(tail, present, shelf.launch(number), offset -> stream(number, offset));
        }
        go(number, from, times);
        if (!query.follow()) {
            end = present;
        }
    }

    private void go(long number, Beginning from, LineTimes times) throws IOException {
        if (stream != null) {
            stream.close();
        }
        launch = number;
        over = false;
        stream = stream(number, from.offset());
        shape.begin(from.cut(), times);
    }

    @Override
    public byte @Nullable [] next() throws IOException, InterruptedException {
        while (closed.getCount() > 0) {
            byte[] bytes = step();
            if (bytes == null) {
                return null;
            }
            if (bytes.length > 0) {
                wait = SOON;
                return bytes;
            }
        }
        return null;
    }

    /** Null at the end. */
    private byte @Nullable [] step() throws IOException, InterruptedException {
        byte[] bytes = read();
        if (bytes != null) {
            return bytes;
        }
        if (!query.follow() || query.previous()) {
            return null;
        }
        if (!moveOn()) {
            if (closed.await(wait, TimeUnit.MILLISECONDS)) {
                return null;
            }
            wait = Math.min(LATE, wait * 2);
        }
        return new byte[0];
    }

    /** Null at the present end. */
    private synchronized byte @Nullable [] read() throws IOException {
        var open = stream;
        if (open == null || closed.getCount() == 0 || open.position() >= end) {
            return null;
        }
        buffer.clear().limit((int) Math.min(buffer.capacity(), end - open.position()));
        if (open.read(buffer) == 0) {
            return null;
        }
        long offset = open.position() - buffer.position();
        long missed = open.missed();
        return shape.shape(bytes, end(offset), offset, missed, missed > 0 && !open.isFresh(offset));
    }

    /** How much of what was read belongs to the answer. */
    private int end(long offset) {
        return Math.clamp(end - offset, 0, buffer.position());
    }

    /** A launch that is over has nothing more to say, once it was read after that; then comes the next. */
    private synchronized boolean moveOn() throws IOException {
        if (closed.getCount() == 0) {
            return false;
        }
        if (stream != null && store.live(query.name(), launch) != null) {
            return false;
        }
        var launches = shelf.launches();
        Long following =
                stream == null ? (launches.isEmpty() ? null : launches.firstKey()) : launches.higherKey(launch);
        if (following == null) {
            return false;
        }
        if (stream != null && !over) {
            over = true;
            return true;
        }
        go(following, Beginning.first(shelf, following), new LineTimes(shelf, following, store.wall()));
        return true;
    }

    @Override
    public void close() throws IOException {
        closed.countDown();
        synchronized (this) {
            if (stream != null) {
                stream.close();
            }
        }
    }
}
