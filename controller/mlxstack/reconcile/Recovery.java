package mlxstack.reconcile;

import java.util.HashMap;
import org.jspecify.annotations.Nullable;

/** The first step of a daemon's life: from what was written down and what was found, to what is. */
final class Recovery {

    private Recovery() {}

    static void apply(Work work, Event.Recovered e) {
        work.recovered = true;
        work.stack = e.stack();
        if (e.revision() != null) {
            Specs.accept(work, e.revision());
        }
        var fates = new HashMap<String, Event.Found>();
        e.found().forEach(f -> fates.put(f.name(), f));
        for (UnitRecord record : e.units()) {
            Unit.Builder u = Records.restore(
                    work, record, work.desired.get(record.name()).getOrNull());
            if (u == null) {
                work.emit(new Effect.Forget(record.name()));
                continue;
            }
            Event.Found found = fates.get(record.name());
            boolean same = found != null && found.launch() == record.launch();
            if (record.intended()) {
                Ports.take(work, u);
                fate(work, u, record, same && found != null ? found.fate() : null);
            }
            work.dirty(record.name());
        }
    }

    private static void fate(Work work, Unit.Builder u, UnitRecord record, Event.@Nullable Fate fate) {
        String name = u.spec.name();
        boolean sameBoot = record.bootId().equals(work.now.bootId());
        switch (fate) {
            case null -> over(work, u);
            case Event.Fate.Alive(Identity identity) -> {
                work.emit(new Effect.Adopt(name, u.launch, identity));
                work.tell(name, "Adopted", "pid " + identity.pid() + " goes on under this daemon");
                work.note(u, "adopted pid " + identity.pid());
                var startedAt = record.startedAt() == null ? work.now.wall() : record.startedAt();
                Health.running(work, u, identity, startedAt, true, !record.loading());
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
