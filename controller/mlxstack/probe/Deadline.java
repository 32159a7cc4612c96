package mlxstack.probe;

import java.net.SocketTimeoutException;
import java.time.Duration;

/** When an attempt must be over. */
record Deadline(long at, Duration timeout) {

    static Deadline in(Duration timeout) {
        return new Deadline(System.nanoTime() + timeout.toNanos(), timeout);
    }

    /** What is left, at least one. */
    int millis() throws SocketTimeoutException {
        long left = at - System.nanoTime();
        if (left <= 0) {
            throw new SocketTimeoutException();
        }
        return (int) Math.min(Integer.MAX_VALUE, left / 1_000_000 + 1);
    }
}
