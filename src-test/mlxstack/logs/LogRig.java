package mlxstack.logs;

import io.vavr.collection.Vector;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicReference;
import mlxstack.api.LogSource;
import mlxstack.api.LogSource.Query;
import mlxstack.process.Platform;
import mlxstack.spec.LogPolicy;
import org.jspecify.annotations.Nullable;

/** A store on a real file system, with real holes, and a writer in this process. */
final class LogRig implements AutoCloseable {

    static final Pace QUICK = new Pace(Duration.ofMillis(20), Duration.ofMillis(50), Duration.ofMillis(50));
    /** Looks only when {@link LogStore#settle} says so. */
    static final Pace ASKED = new Pace(Duration.ofDays(1), Duration.ofDays(1), Duration.ofDays(1));

    static final LogPolicy LIMITS = new LogPolicy(512 * 1024, 1_000);

    /** {@code Reason}: message. */
    final AtomicReference<Vector<String>> events = new AtomicReference<>(Vector.empty());

    final Path dir;
    LogStore store;

    LogRig(Path dir) {
        this(dir, Disk.of(dir));
    }

    LogRig(Path dir, Disk disk) {
        this(dir, disk, holes(), QUICK);
    }

    LogRig(Path dir, Disk disk, Holes holes, Pace pace) {
        this.dir = dir;
        this.store = new LogStore(dir, holes, disk, InstantSource.system(), this::happened, pace);
    }

    static Holes holes() {
        var platform = Platform.current();
        return Holes.by(platform::openLock, platform::punchHole, platform::close);
    }

    /** A file system that has none. */
    static Holes withoutHoles() {
        var platform = Platform.current();
        return Holes.by(platform::openLock, (_, _, _) -> false, platform::close);
    }

    private void happened(@Nullable String name, LogEvents.Reason reason, String message) {
        events.updateAndGet(all -> all.append(reason + ": " + message));
    }

    /** As after the death of a daemon: nothing was ended. */
    void restart() {
        store.close();
        store = new LogStore(dir, holes(), Disk.of(dir), InstantSource.system(), this::happened, QUICK);
    }

    static FileChannel append(Path file) throws IOException {
        return FileChannel.open(file, StandardOpenOption.APPEND);
    }

    static void write(FileChannel channel, String text) throws IOException {
        var bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    /** Lines {@code from} to {@code to}, of 50 bytes each. */
    static String lines(int from, int to) {
        var text = new StringBuilder();
        for (int i = from; i <= to; i++) {
            text.append("%08d the quick brown fox jumps over a lazy do\n".formatted(i));
        }
        return text.toString();
    }

    static Query query(String name) {
        return new Query(name, false, false, null, null, false);
    }

    static Query tail(String name, long lines) {
        return new Query(name, false, false, lines, null, false);
    }

    static Query follow(String name) {
        return new Query(name, false, true, null, null, false);
    }

    static Query previous(String name) {
        return new Query(name, true, false, null, null, false);
    }

    static Query since(String name, Instant since, boolean timestamps) {
        return new Query(name, false, false, null, since, timestamps);
    }

    String read(Query query) throws IOException, InterruptedException {
        try (var reader = new LogReader(store).open(query).get()) {
            return readAll(reader);
        }
    }

    static String readAll(LogSource.Reader reader) throws IOException, InterruptedException {
        var all = new java.io.ByteArrayOutputStream();
        for (byte[] bytes = reader.next(); bytes != null; bytes = reader.next()) {
            all.writeBytes(bytes);
        }
        return all.toString(StandardCharsets.UTF_8);
    }

    /** Until so much was read. */
    static String readUntil(LogSource.Reader reader, String end) throws IOException, InterruptedException {
        var all = new StringBuilder();
        while (all.indexOf(end) < 0) {
            byte[] bytes = reader.next();
            if (bytes == null) {
                throw new IOException("the log ended after " + all);
            }
            all.append(new String(bytes, StandardCharsets.UTF_8));
        }
        return all.toString();
    }

    @Override
    public void close() {
        store.close();
    }
}
