package mlxstack.reconcile;

import io.vavr.collection.Map;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import mlxstack.spec.Gateway;
import mlxstack.spec.Probe;
import mlxstack.spec.Workload;
import org.jspecify.annotations.Nullable;

/** What the gateway is told about each endpoint. */
final class GatewayTable {

    /** Of a back-off; with the jitter, the first four waits of the usual curve. */
    private static final Duration SOON = Duration.ofSeconds(10);

    private GatewayTable() {}

    static Effect.@Nullable WriteGatewayConfig of(
            @Nullable Revision revision, Map<String, Unit> units, Map<String, Workload> desired) {
        if (revision == null || revision.stack().gateway().engine() == Gateway.Engine.NONE) {
            return null;
        }
        var backends = new ArrayList<Effect.Backend>();
        for (Workload w : revision.stack().workloads()) {
            if (w.kind() == Workload.Kind.ENDPOINT && desired.containsKey(w.name())) {
                Unit unit = units.get(w.name()).getOrNull();
                Integer port = unit == null ? w.template().port() : unit.port();
                if (port != null) {
                    backends.add(new Effect.Backend(
                            w.name(),
                            models(w),
                            port,
                            availability(unit),
                            retryAfter(unit),
                            started(w, unit),
                            concurrency(w, unit),
                            w.queue(),
                            w.serving()));
                }
            }
        }
        return new Effect.WriteGatewayConfig(
                backends, revision.stack().providers(), revision.stack().gateway());
    }

    private static Workload started(Workload w, @Nullable Unit unit) {
        Workload launched = unit == null ? null : unit.launched();
        return launched == null ? w : launched;
    }

    /** As many as the process was told, where it was. */
    private static @Nullable Integer concurrency(Workload w, @Nullable Unit unit) {
        Workload known = w.template().tellsConcurrency() ? started(w, unit) : w;
        return known.template().concurrency();
    }

    static List<String> models(Workload w) {
        var names = new LinkedHashSet<String>();
        names.add(w.name());
        String model = w.template().model();
        if (model != null) {
            names.add(model);
        }
        names.addAll(w.roles());
        return List.copyOf(names);
    }

    static Effect.Availability availability(@Nullable Unit unit) {
        if (unit == null) {
            return Effect.Availability.STARTING;
        }
        return switch (unit.phase()) {
            case Phase.Launching _ -> Effect.Availability.STARTING;
            // One taken over from an earlier daemon served before, and is believed to until a probe says otherwise.
            case Phase.Running r ->
                r.readySince() != null || r.adopted()
                        ? Effect.Availability.READY
                        : isUnready(unit, r.probes()) ? Effect.Availability.UNAVAILABLE : Effect.Availability.STARTING;
            case Phase.Stopping _ -> Effect.Availability.DRAINING;
            case Phase.Clearing c ->
                c.why() == Phase.Why.STOP || c.why() == Phase.Why.REMOVED
                        ? Effect.Availability.STOPPED
                        : Effect.Availability.STARTING;
            case Phase.Idle _ -> idle(unit);
        };
    }

    private static Effect.Availability idle(Unit unit) {
        Unit.Gate gate = unit.gate();
        if (gate == null) {
            return Effect.Availability.STARTING;
        }
        return switch (gate.reason()) {
            case "Stopped", "Down", "ScaledToZero", "Removed", "Suspended" -> Effect.Availability.STOPPED;
            case "DependencyNotReady", "PortHeld", "BootLoopGuard" -> Effect.Availability.STARTING;
            case "BackOff", "CrashLoopBackOff" ->
                soon(unit) ? Effect.Availability.STARTING : Effect.Availability.UNAVAILABLE;
            default -> Effect.Availability.UNAVAILABLE;
        };
    }

    /** Whether it has been found not to serve. Between its start-up and its first answer nothing has been found yet. */
    private static boolean isUnready(Unit unit, ProbeTrack track) {
        Probe probe = unit.spec().policy().probes().readiness();
        return track.started()
                && probe != null
                && track.readiness().last() == Event.Outcome.FAILURE
                && track.readiness().inRow() >= probe.failureThreshold();
    }

    /** Whether it is tried again so soon that a request had better wait for it than be refused. */
    private static boolean soon(Unit unit) {
        Wait waiting = unit.streak().waiting();
        return waiting != null && waiting.delay().compareTo(SOON) <= 0;
    }

    static int retryAfter(@Nullable Unit unit) {
        Wait waiting = unit == null ? null : unit.streak().waiting();
        return waiting == null ? 2 : Math.clamp(waiting.delay().toSeconds() + 1, 1, 60);
    }
}
