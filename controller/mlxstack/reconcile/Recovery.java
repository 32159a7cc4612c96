package mlxstack.reconcile;

import java.util.HashMap;
import org.jspecify.annotations.Nullable;

/** The first step of a daemon's life: from what was written down and what was found, to what is. */
final class Recovery {

    private Recovery() {}

    static void apply(Work work, Event.Recovered e) {
        work.recovered = true;
        work.stack = stack(e, work.now);
        if (e.revision() != null) {
            Specs.accept(work, e.revision());
            Litellm.recovered(work, e.units());
        }
        var found = new HashMap<String, Event.Found>();
        for (Event.Found f : e.found()) {
            Event.Found other = found.get(f.name());
            // Of one launch there may be several: what it has started in sessions of their own. The first is its own.
            if (other != null && f.launch() != other.launch()) {
                superseded(work, f.launch() < other.launch() ? f : other);
            }
            if (other == null || other.launch() < f.launch()) {
                found.put(f.name(), f);
            }
        }
        for (UnitRecord record : e.units()) {
            Unit.Builder u = Records.restore(
                    work, record, work.desired.get(record.name()).getOrNull());
            if (u == null) {
                work.emit(new Effect.Forget(record.name()));
                continue;
            }
            Specs.leaves(work, u);
            Event.Found mine = found.remove(record.name());
            if (mine != null && mine.launch() > record.launch() && mine.fate() instanceof Event.Fate.Alive alive) {
                unrecorded(work, u, mine.launch(), alive.identity());
            } else if (mine != null && mine.launch() < record.launch()) {
                superseded(work, mine);
                if (record.intended()) {
                    Ports.take(work, u);
                    fate(work, u, record, null);
                }
            } else if (record.intended()) {
                Ports.take(work, u);
                fate(work, u, record, mine != null && mine.launch() == record.launch() ? mine.fate() : null);
            }
            work.dirty(record.name());
        }
        found.values().stream()
                .sorted(java.util.Comparator.comparing(Event.Found::name))
                .forEach(f -> stray(work, f));
    }

    /** A suspension with an end does not outlive the boot whose clock it counts by; the records tell of which boot. */
    private static StackRecord stack(Event.Recovered e, Now now) {
        StackRecord s = e.stack();
        boolean timed = s.suspended() != null && s.suspended().until() != null;
        boolean sameBoot = e.units().stream().anyMatch(u -> u.bootId().equals(now.bootId()));
        return timed && !sameBoot ? new StackRecord(s.homeId(), s.seed(), s.ports(), s.down(), null) : s;
    }

    /** Two launches of one name may not live side by side: the later one stays. */
    private static void superseded(Work work, Event.Found f) {
        if (f.fate() instanceof Event.Fate.Alive(Identity identity)) {
            work.warn(
                    null,
                    "OrphanKilled",
                    "%s (pid %d) was left of launch %d; a later one runs"
                            .formatted(f.name(), identity.pid(), f.launch()));
            work.emit(new Effect.Signal(f.name(), f.launch(), identity, "KILL"));
        }
    }

    /** A launch whose record could not be written, found by its nonce: it is the latest, and taken over. */
    private static void unrecorded(Work work, Unit.Builder u, long launch, Identity identity) {
        u.launch = launch;
        u.nonce = Launches.nonce(work, u.spec.name(), launch);
        u.intended = true;
        u.admitted = true;
        if (u.launched == null) {
            u.launched = u.spec;
        }
        Ports.take(work, u);
        adopt(work, u, identity, work.now.wall(), false);
    }

    /** A process of ours of which no record is left at all. */
    private static void stray(Work work, Event.Found f) {
        if (!(f.fate() instanceof Event.Fate.Alive(Identity identity))) {
            return;
        }
        var wanted = work.desired.get(f.name()).getOrNull();
        if (wanted == null && !Absorb.isRemoved(work, wanted)) {
            work.warn(
                    null,
                    "OrphanFound",
                    "%s/%d (pid %d) is in no record, and there is no accepted stack file; it is left alone"
                            .formatted(f.name(), f.launch(), identity.pid()));
            return;
        }
        if (wanted == null) {
            work.warn(
                    null,
                    "OrphanKilled",
                    "%s/%d (pid %d) is in no record and not in the stack file"
                            .formatted(f.name(), f.launch(), identity.pid()));
            work.emit(new Effect.Signal(f.name(), f.launch(), identity, "KILL"));
            return;
        }
        Unit.Builder u = work.create(wanted, work.now.wall());
        u.port = work.stack.ports().getOrDefault(f.name(), wanted.template().port());
        unrecorded(work, u, f.launch(), identity);
        work.dirty(f.name());
    }

    private static void adopt(
            Work work, Unit.Builder u, Identity identity, java.time.Instant startedAt, boolean wasUp) {
        String name = u.spec.name();
        work.emit(new Effect.Adopt(name, u.launch, identity));
        work.tell(name, "Adopted", "pid " + identity.pid() + " goes on under this daemon");
        work.note(u, "adopted pid " + identity.pid());
        Health.running(work, u, identity, startedAt, true, wasUp);
        // After an upgrade the same definition may mean another command line.
        if (u.launched != null) {
            work.emit(new Effect.Inspect(name, u.launch, u.launched, u.port));
        }
    }

    private static void fate(Work work, Unit.Builder u, UnitRecord record, Event.@Nullable Fate fate) {
        String name = u.spec.name();
        boolean sameBoot = record.bootId().equals(work.now.bootId());
        switch (fate) {
            case null -> over(work, u);
            case Event.Fate.Alive(Identity identity) -> {
                var startedAt = record.startedAt() == null ? work.now.wall() : record.startedAt();
                adopt(work, u, identity, startedAt, !record.loading());
                Phase.Why ending = record.ending();
                if (ending != null && u.phase instanceof Phase.Running r) {
                    Endings.begin(work, u, r, ending);
                }
            }
            case Event.Fate.Gone(ExitStatus status) -> gone(work, u, record, status);
            case Event.Fate.Lost(String reason) -> {
                if (sameBoot) {
                    work.warn(name, "AdoptionRefused", reason);
                    gone(work, u, record, new ExitStatus.Unknown());
                } else {
                    over(work, u);
                }
            }
        }
    }

    /** It ended while nobody was watching. An intent without identity may never have become a process at all. */
    private static void gone(Work work, Unit.Builder u, UnitRecord record, ExitStatus status) {
        Identity identity = record.identity();
        if (identity == null) {
            Endings.clear(work, u, null, Phase.Why.FAILED_START);
            return;
        }
        var at = record.startedAt() == null ? work.now.wall() : record.startedAt();
        Phase.Why ending = record.ending();
        u.phase = ending == null
                ? new Phase.Running(
                        identity,
                        work.now.awake(),
                        at,
                        ProbeTrack.initial(u.spec.policy().probes()),
                        null,
                        false)
                : new Phase.Stopping(identity, ending, true, work.now.awake(), 0, work.now.awake(), at);
        if (record.last() != null && record.last().launch() == record.launch()) {
            Endings.clear(work, u, identity, ending == null ? Phase.Why.EXIT : ending); // its end was counted before
        } else {
            Endings.exited(work, u, status);
        }
    }

    private static void over(Work work, Unit.Builder u) {
        u.phase = new Phase.Idle();
        u.intended = false;
        Ports.release(work, u.spec.name());
    }
}
