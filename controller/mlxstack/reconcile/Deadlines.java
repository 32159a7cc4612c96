package mlxstack.reconcile;

import mlxstack.spec.Probe;
import org.jspecify.annotations.Nullable;

/**
 * When a unit has to be looked at again at the latest. One timer a name, and every deadline is checked against the
 * clock when it fires, so that an early, late or repeated timer does no harm.
 */
final class Deadlines {

    private Deadlines() {}

    static @Nullable Long next(Work work, Unit.Builder u) {
        Long at = null;
        if (u.stopped != null) {
            at = earlier(at, u.stopped.until());
        }
        if (u.suspended != null) {
            at = earlier(at, u.suspended.until());
        }
        if (u.progress != null && !u.progress.exceeded()) {
            at = earlier(at, u.progress.deadline());
        }
        return switch (u.phase) {
            case Phase.Idle _ -> {
                if (u.gate == null || !Launches.wanted(work, u) || work.frozen(u)) {
                    yield at;
                }
                Wait waiting = u.streak.waiting();
                if (waiting != null) {
                    at = earlier(at, waiting.until());
                }
                yield earlier(at, u.inspectAt);
            }
            case Phase.Launching _ -> at;
            case Phase.Running r -> {
                Long startup = startup(u, r);
                at = earlier(at, startup);
                yield earlier(at, healthy(u, r));
            }
            case Phase.Stopping s -> earlier(at, s.killAt());
            case Phase.Clearing _ -> earlier(at, u.inspectAt);
        };
    }

    /** When an instance that is still starting has taken too long. */
    static @Nullable Long startup(Unit.Builder u, Phase.Running r) {
        Probe probe = u.spec.policy().probes().startup();
        return probe == null || r.probes().started()
                ? null
                : r.startedAwake()
                        + probe.initialDelay().plus(probe.startupDeadline()).toNanos();
    }

    /** When an instance will have been Ready for long enough to be forgiven. */
    static @Nullable Long healthy(Unit.Builder u, Phase.Running r) {
        return r.readySince() == null || (u.streak.failures() == 0 && !u.streak.flapping())
                ? null
                : r.readySince()
                        + u.spec.policy().restart().backoff().resetAfter().toNanos();
    }

    private static @Nullable Long earlier(@Nullable Long a, @Nullable Long b) {
        return a == null ? b : b == null ? a : Long.valueOf(Math.min(a, b));
    }
}
