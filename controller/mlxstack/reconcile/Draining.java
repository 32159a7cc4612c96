package mlxstack.reconcile;

import java.time.Duration;
import mlxstack.spec.Workload;

/** For how long an endpoint's end is put off, so that the gateway's requests with it can end before. */
final class Draining {

    /** What is left for the end itself when they took all they may. */
    private static final long FOR_THE_END = Duration.ofSeconds(5).toNanos();

    private Draining() {}

    /**
     * @param grace nanoseconds in which it has to have ended
     * @return nanoseconds at most; 0: there is nothing to wait for
     */
    static long nanos(Work work, Unit.Builder u, Phase.Running r, Phase.Why why, long grace) {
        boolean serves = u.spec.kind() == Workload.Kind.ENDPOINT && (r.readySince() != null || r.adopted());
        // One that hangs ends none of its requests.
        boolean hangs = why == Phase.Why.LIVENESS || why == Phase.Why.STARTUP;
        return serves && !hangs && work.gatewayRuns() ? Math.max(0, grace - Math.min(FOR_THE_END, grace / 2)) : 0;
    }
}
