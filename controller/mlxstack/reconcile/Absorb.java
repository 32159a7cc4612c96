package mlxstack.reconcile;

import java.util.Map;
import java.util.Objects;
import mlxstack.spec.Probe;
import mlxstack.spec.Template;
import mlxstack.spec.Workload;
import org.jspecify.annotations.Nullable;

/** How a name takes up a changed definition: by field class, from nothing at all to a rollout. */
final class Absorb {

    private Absorb() {}

    /** What a change from one definition to another does. */
    enum Change {
        NONE,
        /** Only what is shown. */
        METADATA,
        /** How it is looked after, or what the gateway is told of it; applied to the running instance. */
        POLICY,
        /** Taken up by the running instance on a signal or command. */
        RELOAD,
        /** The running instance is replaced. */
        RESTART
    }

    static Change classify(Workload from, Workload to) {
        if (from.equals(to)) {
            return Change.NONE;
        }
        if (!from.templateHash().equals(to.templateHash())) {
            return to.reload() != null && onlyTriggers(from.template(), to.template()) ? Change.RELOAD : Change.RESTART;
        }
        boolean same = from.policy().equals(to.policy())
                && from.dependsOn().equals(to.dependsOn())
                && from.replicas() == to.replicas()
                && from.priority() == to.priority()
                && from.roles().equals(to.roles())
                && Objects.equals(from.queue(), to.queue())
                && Objects.equals(from.serving(), to.serving())
                && Objects.equals(from.template().concurrency(), to.template().concurrency());
        return same ? Change.METADATA : Change.POLICY;
    }

    private static boolean onlyTriggers(Template a, Template b) {
        return withoutTriggers(a).equals(withoutTriggers(b));
    }

    private static Template withoutTriggers(Template t) {
        return new Template(
                t.engine(),
                t.model(),
                t.command(),
                t.args(),
                t.env(),
                t.envFrom(),
                t.workingDirectory(),
                t.port(),
                t.ports(),
                t.contextWindow(),
                t.concurrency(),
                Map.of());
    }

    /** Brings {@code u.spec} up to the file's definition, or the pinned one. */
    static void absorb(Work work, Unit.Builder u) {
        String name = u.spec.name();
        Workload file = work.desired.get(name).getOrNull();
        u.removed = isRemoved(work, file);
        if (file == null) {
            return;
        }
        UnitRecord.Pinned pinned = u.pinned;
        if (pinned != null && !pinned.fileHash().equals(file.templateHash())) {
            work.tell(
                    name, "PinEnded", "the stack file's definition changed; it replaces revision " + pinned.revision());
            u.pinned = null;
            pinned = null;
        }
        Workload target = pinned != null ? pinned.workload() : file;
        Workload from = u.spec;
        Change change = classify(from, target);
        if (change == Change.NONE) {
            return;
        }
        u.spec = target;
        u.generation = u.generation + 1;
        switch (change) {
            case NONE, METADATA -> {}
            case POLICY -> policy(work, u, from);
            case RELOAD -> {
                policy(work, u, from);
                reload(work, u);
            }
            case RESTART -> {
                if (u.phase instanceof Phase.Running) {
                    Endings.stopProbes(work, u, from);
                }
                u.streak = u.streak.reset();
                u.finish = null;
                u.obstacle = null;
                u.inspectAt = null;
                begin(work, u);
                work.note(u, "its definition changed");
            }
        }
    }

    /** Before there is a revision, nothing is taken for deleted: it may be lost, or not be valid for this version. */
    static boolean isRemoved(Work work, @Nullable Workload file) {
        return file == null && work.revision != null;
    }

    /** A rollout begins: the clock of its deadline runs from now. */
    static void begin(Work work, Unit.Builder u) {
        u.progress = new Progress(
                work.now.awake(), work.now.in(u.spec.policy().rollout().progressDeadline()), false, previous(u));
    }

    private static @Nullable Workload previous(Unit.Builder u) {
        Workload last = u.lastReady;
        return last == null || last.templateHash().equals(u.spec.templateHash()) ? null : last;
    }

    private static void policy(Work work, Unit.Builder u, Workload from) {
        if (u.phase instanceof Phase.Running r
                && !from.policy().probes().equals(u.spec.policy().probes())) {
            for (Probe.Kind kind : Probe.Kind.values()) {
                Probe old = from.policy().probes().of(kind);
                Probe now = u.spec.policy().probes().of(kind);
                if (old != null && !old.equals(now)) {
                    work.emit(new Effect.StopProbe(u.spec.name(), u.launch, kind));
                }
                if (now != null && !now.equals(old)) {
                    Health.start(work, u, r, kind, false);
                }
            }
        }
    }

    private static void reload(Work work, Unit.Builder u) {
        if (u.phase instanceof Phase.Running r) {
            u.launched = u.spec;
            work.emit(new Effect.Reload(u.spec.name(), u.launch, r.identity(), u.spec));
            work.tell(u.spec.name(), "Reloading", "files it depends on changed");
        }
    }
}
