package mlxstack.upstream;

import java.util.concurrent.TimeUnit;

/**
 * Keeps requests from a backend that keeps failing: closed, open for a while, then half open, when one request is the
 * probe. What came of an attempt is told at its end, never at its beginning. Times are nanoseconds of one clock. Event
 * loop only.
 */
final class Breaker {

    /** Failures in a row. */
    static final int THRESHOLD = 3;

    static final long FIRST_NANOS = TimeUnit.SECONDS.toNanos(1);
    static final long LONGEST_NANOS = TimeUnit.SECONDS.toNanos(30);

    private int failures;
    /** 0 while closed; otherwise how long it was opened the last time. */
    private long open;

    private long until;
    private boolean probing;
    /** Attempts of an earlier one have nothing to say any more. */
    private int epoch;

    private boolean rests;
    private long restsUntil;

    /** Whether it keeps requests away now. */
    boolean open(long now) {
        return open > 0 && (probing || until - now > 0);
    }

    Condition.Circuit circuit(long now) {
        if (open == 0) {
            return Condition.Circuit.CLOSED;
        }
        return !probing && until - now > 0 ? Condition.Circuit.OPEN : Condition.Circuit.HALF_OPEN;
    }

    /** An attempt begins; when half open, it is the probe. What is returned is handed back at its end. */
    int begins(long now) {
        if (open > 0 && !probing && until - now <= 0) {
            probing = true;
            epoch++;
        }
        return epoch;
    }

    void succeeded(int attempt) {
        if (attempt == epoch) {
            close();
        }
    }

    void failed(int attempt, long now) {
        if (attempt != epoch) {
            return;
        }
        failures++;
        if (probing || (open == 0 && failures >= THRESHOLD)) {
            open = open == 0 ? FIRST_NANOS : Math.min(LONGEST_NANOS, open * 2);
            until = now + open;
            probing = false;
            epoch++;
        }
    }

    /** It says nothing about the backend; another may be the probe. */
    void neutral(int attempt) {
        if (attempt == epoch) {
            probing = false;
        }
    }

    /** Whoever knows better says that it is well. */
    void close() {
        if (open > 0 || failures > 0) {
            failures = 0;
            open = 0;
            probing = false;
            epoch++;
        }
    }

    /** The backend wants to be left alone. */
    void rest(long now, int seconds) {
        long fresh = now + TimeUnit.SECONDS.toNanos(seconds);
        if (!rests || fresh - restsUntil > 0) {
            rests = true;
            restsUntil = fresh;
        }
    }

    /** Whole seconds, rounded up; 0 when it does not rest. */
    int restSeconds(long now) {
        if (!rests) {
            return 0;
        }
        long left = restsUntil - now;
        if (left <= 0) {
            rests = false;
            return 0;
        }
        return Math.toIntExact(Math.ceilDiv(left, TimeUnit.SECONDS.toNanos(1)));
    }
}
