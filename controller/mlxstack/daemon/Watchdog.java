package mlxstack.daemon;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends the daemon when its loop has stopped turning: a supervisor that looks alive and does nothing is worse than one
 * that is started again. Children are untouched; the login service brings the daemon back and it adopts them.
 */
final class Watchdog implements AutoCloseable {

    static final Duration LIMIT = Duration.ofSeconds(30);
    static final int EXIT_CODE = 70;
    private static final Logger LOG = LoggerFactory.getLogger(Watchdog.class);

    private final Thread thread;
    private volatile boolean closed;

    /**
     * @param busyFor nanoseconds the loop has been at one step; 0 while it waits
     * @param halt called once, after all stacks were written down
     */
    Watchdog(LongSupplier busyFor, Duration limit, Runnable halt) {
        thread = Thread.ofPlatform().daemon().name("watchdog").unstarted(() -> {
            while (!closed) {
                if (busyFor.getAsLong() > limit.toNanos()) {
                    LOG.error(
                            "the loop has not turned for {} s; halting with {}\n{}",
                            limit.toSeconds(),
                            EXIT_CODE,
                            stacks());
                    halt.run();
                    return;
                }
                LockSupport.parkNanos(limit.toNanos() / 3);
            }
        });
        thread.start();
    }

    private static String stacks() {
        var out = new StringBuilder();
        Thread.getAllStackTraces().forEach((thread, frames) -> {
            out.append('"')
                    .append(thread.getName())
                    .append("\" ")
                    .append(thread.getState())
                    .append('\n');
            for (StackTraceElement frame : frames) {
                out.append("    at ").append(frame).append('\n');
            }
        });
        return out.toString();
    }

    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(thread);
    }
}
