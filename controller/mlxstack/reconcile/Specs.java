package mlxstack.reconcile;

import io.vavr.collection.HashMap;
import io.vavr.collection.Map;
import io.vavr.collection.Vector;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import mlxstack.spec.Dependency;
import mlxstack.spec.Workload;
import org.jspecify.annotations.Nullable;

/** A new revision of the stack file, and the guard against one that would delete too much. */
final class Specs {

    static final String PRUNE = "mlxstack.dev/prune";

    private Specs() {}

    static void offered(Work work, Revision revision) {
        List<String> deletes = new ArrayList<>();
        int running = 0;
        var names = revision.stack().names();
        for (String name : work.names()) {
            Unit.Builder u = work.unit(name);
            if (u != null && !(u.phase instanceof Phase.Idle) && !u.removed) {
                running++;
                if (!names.contains(name)) {
                    deletes.add(name);
                }
            }
        }
        String digest = digest(deletes);
        boolean confirmed = digest.equals(revision.stack().annotations().get(PRUNE));
        if (deletes.size() >= 2 && deletes.size() * 2 > running && !confirmed) {
            work.held = new State.Held(revision, deletes, digest);
            work.warn(
                    null,
                    "PruneHeld",
                    "%d of %d running would be deleted (%s); confirm with `mlxstackctl apply --prune=%s`"
                            .formatted(deletes.size(), running, State.Held.some(deletes), digest));
            return;
        }
        accepted(work, revision);
    }

    /** It is in force from now on, and people are told. */
    static void accepted(Work work, Revision revision) {
        accept(work, revision);
        String commit = revision.shortCommit();
        work.tell(
                null,
                "ConfigAccepted",
                "revision %d (%s)%s"
                        .formatted(
                                revision.number(), revision.shortDigest(), commit == null ? "" : ", commit " + commit));
    }

    /** A short name of a set of names, so that a confirmation means exactly these. */
    static String digest(List<String> names) {
        long h = 0;
        for (String name : names.stream().sorted().toList()) {
            for (int i = 0; i < name.length(); i++) {
                h = Failures.mix(h * 31 + name.charAt(i));
            }
            h = Failures.mix(h + 1);
        }
        return String.format(Locale.ROOT, "%016x", h).substring(0, 12);
    }

    /** What goes, goes in order too: what it depended on waits for its end. */
    static void leaves(Work work, Unit.@Nullable Builder u) {
        if (u != null && !work.desired.containsKey(u.spec.name())) {
            u.removed |= !work.frozen(u);
            work.dependents = withDependent(work.dependents, u.spec);
        }
    }

    private static Map<String, Vector<String>> withDependent(Map<String, Vector<String>> dependents, Workload w) {
        var all = dependents;
        for (Dependency d : w.dependsOn()) {
            all = all.put(d.name(), all.get(d.name()).getOrElse(Vector.empty()).append(w.name()));
        }
        return all;
    }

    static void accept(Work work, Revision revision) {
        work.held = null;
        work.revision = revision;
        work.endpointsTouched = true;
        Map<String, Workload> desired = Litellm.kept(revision, work.desired);
        Map<String, Vector<String>> dependents = HashMap.empty();
        for (Workload w : revision.stack().workloads()) {
            if (!Litellm.isPattern(w)) {
                desired = desired.put(w.name(), w);
                dependents = withDependent(dependents, w);
            }
        }
        Map<String, Workload> old = work.desired;
        work.desired = desired;
        work.dependents = dependents;
        for (String name : work.names()) {
            leaves(work, work.unit(name));
        }
        var changed = new java.util.LinkedHashSet<String>();
        for (Workload w : revision.stack().workloads()) {
            boolean same = w.equals(old.get(w.name()).getOrNull()) && work.unit(w.name()) != null;
            if (!same && !Litellm.isPattern(w)) {
                changed.add(w.name());
            }
        }
        for (String name : work.names()) {
            if (!desired.containsKey(name)) {
                changed.add(name);
            }
        }
        work.byPriority(changed).forEach(work::dirty);
        work.dirtyPending();
    }
}
