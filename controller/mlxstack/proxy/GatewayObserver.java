package mlxstack.proxy;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Asks the gateway which configuration it serves, after one was written and until it says so. The question itself makes
 * the gateway look at its file. Nothing is asked when nothing is awaited. One virtual thread of its own; usable by any.
 */
public final class GatewayObserver implements AutoCloseable {

    private static final Duration FIRST = Duration.ofMillis(50);
    private static final Duration SLOWEST = Duration.ofSeconds(5);
    private static final Pattern CONFIG = Pattern.compile("\"config\"\\s*:\\s*\"([0-9a-f]{64})\"");

    private final Fetch fetch;
    private final Consumer<String> observed;
    private final Duration first;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Thread thread;

    // Both under the lock.
    private @Nullable Expected expected;
    private boolean closed;

    /** @param observed is told each digest that was awaited and is served now, on this object's thread */
    public GatewayObserver(Consumer<String> observed) {
        this(Fetch.PLAIN, observed);
    }

    /** @param fetch how the gateway is asked; one call at a time */
    public GatewayObserver(Fetch fetch, Consumer<String> observed) {
        this(fetch, observed, FIRST);
    }

    /** @param first wait after the first answer that was not the awaited one; it doubles up to five seconds */
    GatewayObserver(Fetch fetch, Consumer<String> observed, Duration first) {
        this.fetch = fetch;
        this.observed = observed;
        this.first = first;
        this.thread = Thread.ofVirtual().name("gateway-observer").start(this::run);
    }

    /**
     * Awaits that the gateway at {@code host} (no brackets) and {@code port} serves {@code digest}; replaces what was
     * awaited before. Returns at once. A gateway that is not there yet is asked again.
     */
    public void expect(String host, int port, String digest) {
        set(new Expected(host, port, digest));
    }

    /** Awaits nothing more: the gateway is not wanted. */
    public void forget() {
        set(null);
    }

    private void set(@Nullable Expected next) {
        lock.lock();
        try {
            expected = next;
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    /** The digest the gateway says it serves; null without an answer. */
    private @Nullable String ask(Expected what) {
        try {
            var matcher = CONFIG.matcher(fetch.get(what.host, what.port, "/health"));
            return matcher.find() ? matcher.group(1) : null;
        } catch (IOException e) {
            // Not there, or not yet: asked again.
            return null;
        }
    }

    private void run() {
        Duration wait = first;
        Expected before = null;
        try {
            while (true) {
                Expected now = next(before, wait);
                if (now == null) {
                    return;
                }
                wait = now == before ? twice(wait) : first;
                before = now;
                if (now.digest.equals(ask(now))) {
                    confirmed(now);
                    before = null;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static Duration twice(Duration wait) {
        Duration doubled = wait.multipliedBy(2);
        return doubled.compareTo(SLOWEST) > 0 ? SLOWEST : doubled;
    }

    /** Waits for something to ask for, or {@code wait} before asking for {@code before} again; null at the end. */
    private @Nullable Expected next(@Nullable Expected before, Duration wait) throws InterruptedException {
        lock.lock();
        try {
            long left = wait.toNanos();
            while (!closed && (expected == null || (expected == before && left > 0))) {
                if (expected == null) {
                    changed.await();
                } else {
                    left = changed.awaitNanos(left);
                }
            }
            return closed ? null : expected;
        } finally {
            lock.unlock();
        }
    }

    private void confirmed(Expected what) {
        lock.lock();
        try {
            if (expected != what) {
                return;
            }
            expected = null;
        } finally {
            lock.unlock();
        }
        observed.accept(what.digest);
    }

    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            changed.signal();
        } finally {
            lock.unlock();
        }
        thread.interrupt();
    }

    /** Compared by identity: asking for the same again is a new question. */
    private static final class Expected {

        private final String host;
        private final int port;
        private final String digest;

        Expected(String host, int port, String digest) {
            this.host = host;
            this.port = port;
            this.digest = digest;
        }
    }
}
