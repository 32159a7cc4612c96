package mlxstack.api;

import io.vavr.control.Either;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Logs that say what the test wrote. A follower gets what is written later, until it is closed. */
public final class TestingLogs implements LogSource {

    private static final byte[] END = new byte[0];

    private final Map<String, String> texts = new ConcurrentHashMap<>();
    private final List<Follower> followers = new CopyOnWriteArrayList<>();
    public final List<Query> queries = new CopyOnWriteArrayList<>();
    public final AtomicInteger open = new AtomicInteger();

    /** Adds to the log of that name. */
    public void write(String name, String text) {
        texts.merge(name, text, String::concat);
        for (Follower follower : followers) {
            if (follower.name.equals(name)) {
                follower.chunks.add(text.getBytes(StandardCharsets.UTF_8));
            }
        }
    }

    @Override
    public Either<String, Reader> open(Query query) {
        queries.add(query);
        String text = texts.get(query.name() + (query.previous() ? ".previous" : ""));
        if (text == null) {
            return Either.left(
                    query.previous()
                            ? "previous terminated container \"%1$s\" in pod \"%1$s\" not found".formatted(query.name())
                            : query.name() + " has not written anything yet");
        }
        var tail = query.tail();
        if (tail != null) {
            var lines = text.lines().toList();
            text = String.join("\n", lines.subList((int) Math.max(0, lines.size() - tail), lines.size())) + "\n";
        }
        return Either.right(new Follower(query, text));
    }

    private final class Follower implements Reader {
        private final String name;
        private final AtomicBoolean closed = new AtomicBoolean();
        private final LinkedBlockingQueue<byte[]> chunks = new LinkedBlockingQueue<>();

        Follower(Query query, String text) {
            name = query.name();
            chunks.add(text.getBytes(StandardCharsets.UTF_8));
            open.incrementAndGet();
            if (query.follow()) {
                followers.add(this);
            } else {
                chunks.add(END);
            }
        }

        @Override
        public byte @Nullable [] next() throws InterruptedException {
            byte[] chunk = chunks.take();
            return chunk.length == 0 ? null : chunk;
        }

        @Override
        public void close() {
            if (closed.compareAndSet(false, true)) {
                followers.remove(this);
                chunks.add(END);
                open.decrementAndGet();
            }
        }
    }
}
