package mlxstack.reconcile;

import mlxstack.spec.Workload;
import org.jspecify.annotations.Nullable;

/** Between what is kept in memory of a name and what is written down of it. */
final class Records {

    private Records() {}

    static UnitRecord of(Unit u, String bootId) {
        boolean loading = switch (u.phase()) {
            case Phase.Launching _ -> true;
            case Phase.Running r -> !r.probes().started() || (r.readySince() == null && !r.adopted());
            case Phase.Idle _, Phase.Stopping _, Phase.Clearing _ -> false;
        };
        Phase.Why ending = switch (u.phase()) {
            case Phase.Stopping s -> s.why();
            case Phase.Clearing c -> c.why();
            case Phase.Idle _, Phase.Launching _, Phase.Running _ -> null;
        };
        return new UnitRecord(
                u.name(),
                u.generation(),
                u.launch(),
                u.nonce(),
                u.intended(),
                u.phase().identityOrNull(),
                u.launched(),
                u.commandDigest(),
                u.port(),
                u.phase() instanceof Phase.Running r ? r.startedAt() : null,
                u.streak().restarts(),
                u.streak().failures(),
                u.streak().waiting(),
                bootId,
                u.streak().recent().asJava(),
                u.streak().hold() == null ? null : u.streak().hold().toNanos(),
                u.last(),
                u.finish(),
                u.stopped(),
                u.suspended(),
                u.pinned(),
                loading,
                ending,
                u.createdAt());
    }

    /** The unit as it was written down, not yet told whether its process still exists. */
    static Unit.@Nullable Builder restore(Work work, UnitRecord r, @Nullable Workload fromFile) {
        Workload spec = r.pinned() != null
                ? r.pinned().workload()
                : r.suspended() != null && r.launched() != null
                        ? r.launched()
                        : fromFile != null ? fromFile : r.launched();
        if (spec == null) {
            return null;
        }
        Unit.Builder u = work.create(spec, r.createdAt());
        boolean sameBoot = r.bootId().equals(work.now.bootId());
        u.generation = r.generation();
        u.launch = r.launch();
        u.nonce = r.nonce();
        u.intended = r.intended();
        u.launched = r.launched();
        u.commandDigest = r.commandDigest();
        u.port = r.port();
        u.streak = new Streak(
                r.restarts(),
                r.failures(),
                r.waiting() == null ? null : r.waiting().resumed(work.now),
                sameBoot ? io.vavr.collection.Vector.ofAll(r.recent()) : io.vavr.collection.Vector.empty(),
                r.trial() == null ? null : java.time.Duration.ofNanos(r.trial()),
                false);
        u.last = r.last();
        u.finish = r.finish();
        u.stopped = expired(r.stopped(), sameBoot) ? null : r.stopped();
        u.suspended = expired(r.suspended(), sameBoot) ? null : r.suspended();
        u.pinned = r.pinned();
        u.removed = Absorb.isRemoved(work, fromFile);
        u.suspect = !sameBoot && r.loading() && spec.kind() == Workload.Kind.ENDPOINT;
        u.admitted = r.intended() || r.waiting() != null;
        u.lastReady = r.loading() ? null : r.launched();
        return u;
    }

    /** An override with an end does not outlive the boot whose clock it counts by. */
    private static boolean expired(Command.@Nullable Mark mark, boolean sameBoot) {
        return mark != null && mark.until() != null && !sameBoot;
    }
}
