package mlxstack.reconcile;

import java.time.Duration;
import mlxstack.spec.Probe;
import mlxstack.spec.Probes;
import mlxstack.spec.Workload;
import org.jspecify.annotations.Nullable;

/** A running unit: its probes, its readiness, and what follows from them. */
final class Health {

    private Health() {}

    /** A process exists from now on: what this daemon knows of it. */
    static void running(
            Work work, Unit.Builder u, Identity identity, java.time.Instant startedAt, boolean adopted, boolean wasUp) {
        Probes probes = u.spec.policy().probes();
        ProbeTrack track = adopted && wasUp
                ? new ProbeTrack(true, probes.readiness() == null, ProbeTrack.Count.NONE, ProbeTrack.Count.NONE, "")
                : ProbeTrack.initial(probes);
        Long readySince = track.started() && track.ready() ? Long.valueOf(work.now.awake()) : null;
        var running = new Phase.Running(identity, work.now.awake(), startedAt, track, readySince, adopted && wasUp);
        u.phase = running;
        u.obstacle = null;
        if (track.started()) {
            start(work, u, running, Probe.Kind.READINESS, adopted);
            start(work, u, running, Probe.Kind.LIVENESS, adopted);
        } else {
            start(work, u, running, Probe.Kind.STARTUP, false);
        }
        work.dirtyDependents(u.spec.name());
        if (readySince != null) {
            becameReady(work, u);
        }
    }

    static void start(Work work, Unit.Builder u, Phase.Running r, Probe.Kind kind, boolean spread) {
        Probe probe = u.spec.policy().probes().of(kind);
        boolean due =
                kind == Probe.Kind.STARTUP ? !r.probes().started() : r.probes().started();
        if (probe != null && due) {
            work.emit(
                    new Effect.StartProbe(u.spec.name(), u.launch, kind, probe, u.spec, r.identity(), u.port, spread));
        }
    }

    static void probed(Work work, Unit.Builder u, Event.ProbeResult e) {
        if (!(u.phase instanceof Phase.Running r)) {
            return;
        }
        String name = u.spec.name();
        if (e.outcome() == Event.Outcome.UNKNOWN) {
            work.warn(
                    name,
                    "ProbeError",
                    e.kind().name().toLowerCase(java.util.Locale.ROOT) + " probe could not be run: " + e.message());
            return;
        }
        boolean gate = e.kind() == Probe.Kind.STARTUP;
        if (gate == r.probes().started()) {
            return; // late: start-up is over, or not over yet
        }
        if (e.foreign() != null || u.obstacle instanceof Obstacle.PortInUse) {
            // Should it end now, then its next launch waits for the port.
            u.obstacle = e.foreign();
        }
        Probes probes = u.spec.policy().probes();
        ProbeTrack track = r.probes().after(e.kind(), e.outcome(), e.message(), probes);
        if (e.outcome() == Event.Outcome.FAILURE && e.kind() != Probe.Kind.STARTUP) {
            work.warn(
                    name,
                    "Unhealthy",
                    e.kind().name().toLowerCase(java.util.Locale.ROOT) + " probe failed: " + e.message());
        }
        boolean ready = track.started() && track.ready();
        Long since = ready ? (r.readySince() == null ? Long.valueOf(work.now.awake()) : r.readySince()) : null;
        var next = new Phase.Running(
                r.identity(),
                r.startedAwake(),
                r.startedAt(),
                track,
                since,
                r.adopted() && e.kind() != Probe.Kind.READINESS);
        u.phase = next;
        if (track.started() && !r.probes().started()) {
            work.emit(new Effect.StopProbe(name, u.launch, Probe.Kind.STARTUP));
            start(work, u, next, Probe.Kind.READINESS, false);
            start(work, u, next, Probe.Kind.LIVENESS, false);
        }
        if (ready && r.readySince() == null) {
            becameReady(work, u);
        } else if (!ready && r.readySince() != null) {
            work.note(u, "no longer Ready: " + e.message());
            work.warn(name, "NotReady", e.message());
        }
    }

    private static void becameReady(Work work, Unit.Builder u) {
        String name = u.spec.name();
        u.lastReady = u.launched;
        u.suspect = false;
        work.note(u, "Ready");
        work.tell(name, "Ready", "serving" + (u.port == null ? "" : " on port " + u.port));
        for (String dependent :
                work.dependents.get(name).map(v -> v.toJavaList()).getOrElse(java.util.List.of())) {
            Unit.Builder d = work.unit(dependent);
            if (d != null && d.phase instanceof Phase.Idle && d.streak.waiting() != null && !d.streak.cutShort()) {
                d.streak = d.streak.cut();
                work.note(d, name + " is Ready again: its wait is cut short");
            }
            work.dirty(dependent);
        }
        work.dirtyPending();
    }

    /** Running and to go on running: what time has brought. */
    static Phase.@Nullable Why decide(Work work, Unit.Builder u, Phase.Running r) {
        long now = work.now.awake();
        boolean frozen = work.frozen(u);
        u.gate = null;
        Long startup = Deadlines.startup(u, r);
        if (startup != null && startup <= now && !frozen) {
            work.warn(
                    u.spec.name(),
                    "Unhealthy",
                    "not started after %s: %s"
                            .formatted(
                                    Failures.text(Duration.ofNanos(now - r.startedAwake())),
                                    r.probes().lastMessage()));
            return Phase.Why.STARTUP;
        }
        if (!frozen && r.probes().condemns(Probe.Kind.LIVENESS, u.spec.policy().probes())) {
            return Phase.Why.LIVENESS;
        }
        forgive(work, u, r);
        if (r.readySince() != null) {
            u.progress = null;
            u.observedGeneration = u.generation;
        }
        return null;
    }

    /** Ready for long enough: earlier failures are forgotten. */
    static void forgive(Work work, Unit.Builder u, Phase.Running r) {
        Long healthy = Deadlines.healthy(u, r);
        if (healthy != null && healthy <= work.now.awake()) {
            if (u.streak.flapping()) {
                work.tell(u.spec.name(), "FlappingEnded", "Ready for long enough");
            }
            u.streak = u.streak.reset();
        }
    }

    /** The deadline of a rollout has passed: say so, and go back if the user wants that. */
    static void progressDeadline(Work work, Unit.Builder u) {
        Progress p = u.progress;
        if (p == null || p.exceeded() || p.deadline() > work.now.awake()) {
            return;
        }
        u.progress = new Progress(p.since(), p.deadline(), true, p.previous());
        work.warn(
                u.spec.name(),
                "ProgressDeadlineExceeded",
                "not Ready within " + Failures.text(u.spec.policy().rollout().progressDeadline()));
        work.note(u, "the rollout's deadline has passed");
        Workload previous = p.previous();
        if (previous != null && u.spec.policy().rollout().autoRevert() && u.pinned == null && !work.frozen(u)) {
            u.pinned = new UnitRecord.Pinned(
                    previous,
                    previous.templateHash(),
                    work.desired.get(u.spec.name()).map(Workload::templateHash).getOrElse(""),
                    new Command.Mark(
                            UnitRecord.Pinned.AUTO_REVERT,
                            work.now.wall(),
                            "the new definition did not become Ready",
                            null));
            work.sync(u.spec.name());
            work.warn(u.spec.name(), "RolledBack", "back to the definition that was Ready before");
        }
    }
}
