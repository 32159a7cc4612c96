package mlxstack.reconcile;

import mlxstack.spec.Probe;
import mlxstack.spec.Probes;
import org.jspecify.annotations.Nullable;

/**
 * The kubelet's probe state of one instance: start-up gates the others, thresholds count equal results in a row, a
 * result below its threshold changes nothing, one failed liveness is one kill.
 *
 * @param started the start-up probe has passed (or there is none)
 * @param ready the published readiness
 */
public record ProbeTrack(boolean started, boolean ready, Count readiness, Count liveness, String lastMessage) {

    /** Equal results in a row. */
    public record Count(Event.@Nullable Outcome last, int inRow) {
        static final Count NONE = new Count(null, 0);

        Count plus(Event.Outcome outcome) {
            return outcome == last ? new Count(last, inRow + 1) : new Count(outcome, 1);
        }
    }

    static ProbeTrack initial(Probes probes) {
        boolean started = probes.startup() == null;
        return new ProbeTrack(started, started && probes.readiness() == null, Count.NONE, Count.NONE, "");
    }

    /** Whether this result says that the instance must be ended. */
    boolean condemns(Probe.Kind kind, Probes probes) {
        Probe liveness = probes.liveness();
        return kind == Probe.Kind.LIVENESS
                && liveness != null
                && this.liveness.last() == Event.Outcome.FAILURE
                && this.liveness.inRow() >= liveness.failureThreshold();
    }

    ProbeTrack after(Probe.Kind kind, Event.Outcome outcome, String message, Probes probes) {
        if (outcome == Event.Outcome.UNKNOWN) {
            return this;
        }
        String text = outcome == Event.Outcome.FAILURE ? message : "";
        return switch (kind) {
            case STARTUP ->
                outcome == Event.Outcome.SUCCESS
                        ? new ProbeTrack(true, probes.readiness() == null || ready, readiness, liveness, text)
                        : new ProbeTrack(started, ready, readiness, liveness, text);
            case READINESS -> {
                Count count = readiness.plus(outcome);
                Probe probe = probes.readiness();
                boolean published = ready;
                if (probe != null && outcome == Event.Outcome.SUCCESS && count.inRow() >= probe.successThreshold()) {
                    published = true;
                } else if (probe != null
                        && outcome == Event.Outcome.FAILURE
                        && count.inRow() >= probe.failureThreshold()) {
                    published = false;
                }
                yield new ProbeTrack(started, published && started, count, liveness, text);
            }
            case LIVENESS -> new ProbeTrack(started, ready, readiness, liveness.plus(outcome), text);
        };
    }
}
