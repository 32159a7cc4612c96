package mlxstack.upstream;

import java.time.Duration;
import mlxstack.spec.Timeouts;
import mlxstack.upstream.Fault.Kind;
import org.jspecify.annotations.Nullable;

/**
 * How long an attempt may take. Looked at by a tick that all share; being told of progress costs one assignment. Times
 * are nanoseconds of one clock. One an attempt, event loop only.
 */
final class Timers {

    private enum Stage {
        CONNECTING,
        WAITING,
        STREAMING
    }

    private final Timeouts limits;
    private final Duration firstToken;
    private final long began;
    private Stage stage = Stage.CONNECTING;
    private long latest;
    private boolean held;

    /** @param firstToken in place of the one in {@code limits}; zero: no limit */
    Timers(Timeouts limits, Duration firstToken, long now) {
        this.limits = limits;
        this.firstToken = firstToken;
        this.began = now;
        this.latest = now;
    }

    void connected(long now) {
        stage = Stage.WAITING;
        latest = now;
    }

    /** A sign of life: the head of the answer, a comment. Does not count once there was content. */
    void progress(long now) {
        if (stage == Stage.WAITING) {
            latest = now;
        }
    }

    void content(long now) {
        stage = Stage.STREAMING;
        latest = now;
    }

    /** The client does not read, so the backend is not read either. */
    void hold(boolean held, long now) {
        this.held = held;
        latest = now;
    }

    /** What it is that took too long; null: nothing. */
    @Nullable
    Kind expired(long now) {
        if (over(limits.total(), began, now)) {
            return Kind.OVERDUE;
        }
        if (held) {
            return null;
        }
        return switch (stage) {
            case CONNECTING -> over(limits.connect(), latest, now) ? Kind.REFUSED : null;
            case WAITING -> over(firstToken, latest, now) ? Kind.SILENT : null;
            case STREAMING -> over(limits.idle(), latest, now) ? Kind.STALLED : null;
        };
    }

    /** The limit that {@link #expired} speaks of. */
    Duration limit(Kind expired) {
        return switch (expired) {
            case REFUSED -> limits.connect();
            case SILENT -> firstToken;
            case STALLED -> limits.idle();
            default -> limits.total();
        };
    }

    private static boolean over(Duration limit, long since, long now) {
        return !limit.isZero() && now - since >= limit.toNanos();
    }
}
