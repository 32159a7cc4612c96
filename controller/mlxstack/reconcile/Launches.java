package mlxstack.reconcile;

import mlxstack.spec.Dependency;
import mlxstack.spec.Workload;
import org.jspecify.annotations.Nullable;

/** Whether an idle unit is to be started, what holds it, and the start itself. */
final class Launches {

    private static final long INSPECT_EVERY = 2_000_000_000L;

    private Launches() {}

    /** Whether anything should run under this name, gates aside. */
    static boolean wanted(Work work, Unit.Builder u) {
        return rest(work, u) == null;
    }

    /** Why nothing should run under this name; null when something should. */
    static Unit.@Nullable Gate rest(Work work, Unit.Builder u) {
        Command.Mark down = work.stack.down();
        if (u.removed) {
            return new Unit.Gate("Removed", "no longer in the stack file", null);
        }
        if (down != null) {
            return new Unit.Gate("Down", "the stack was taken down by " + down.by(), null);
        }
        if (u.stopped != null) {
            return new Unit.Gate("Stopped", "stopped by " + u.stopped.by(), null);
        }
        if (u.spec.replicas() == 0) {
            return new Unit.Gate("ScaledToZero", "replicas is 0 in the stack file", null);
        }
        return null;
    }

    /** Idle: launch, or know why not. */
    static void decide(Work work, Unit.Builder u) {
        String name = u.spec.name();
        boolean frozen = work.frozen(u);
        if (u.removed && !frozen) {
            work.tell(name, "Deleted", "removed with its definition");
            work.drop(name);
            work.dirtyPending();
            return;
        }
        Unit.Gate rest = rest(work, u);
        if (rest != null) {
            u.admitted = false;
            u.obstacle = null;
            u.inspectAt = null;
            u.progress = null;
            u.observedGeneration = u.generation;
            hold(work, u, rest, false);
            return;
        }
        if (frozen) {
            hold(work, u, new Unit.Gate("Suspended", "suspended; nothing is started", null), false);
            return;
        }
        UnitRecord.Finish finish = u.finish;
        if (finish != null && !finish.hash().equals(u.spec.templateHash())) {
            u.finish = null;
            finish = null;
        }
        if (finish != null) {
            u.admitted = false;
            u.observedGeneration = u.generation;
            hold(work, u, new Unit.Gate(finish.reason(), finish.message(), null), false);
            return;
        }
        if (u.obstacle instanceof Obstacle.PortInUse taken
                && u.spec.template().port() == null
                && Integer.valueOf(taken.port()).equals(u.port)) {
            // An allotted port may be any port: take another.
            work.avoided = work.avoided.add(taken.port());
            u.port = null;
            u.obstacle = null;
        }
        if (u.obstacle != null) {
            obstructed(work, u, u.obstacle);
            return;
        }
        Wait waiting = u.streak.waiting();
        if (waiting != null && waiting.until() > work.now.awake()) {
            hold(work, u, waitGate(u, waiting), false);
            return;
        }
        Unit.Gate gate = dependencies(work, u);
        if (gate == null) {
            gate = bootGuard(work, u);
        }
        if (gate == null) {
            gate = Ports.gate(work, u);
        }
        if (gate == null) {
            gate = Memory.gate(work, u);
        }
        if (gate != null) {
            hold(work, u, gate, true);
            return;
        }
        launch(work, u);
    }

    static Unit.Gate waitGate(Unit.Builder u, Wait waiting) {
        return switch (waiting.reason()) {
            case BACK_OFF ->
                new Unit.Gate(
                        u.streak.failures() >= 2 ? "CrashLoopBackOff" : "BackOff",
                        "back-off " + Failures.text(waiting.delay()) + " restarting failed process " + u.spec.name(),
                        null);
            case HOLD ->
                new Unit.Gate(
                        "Flapping",
                        "held for " + Failures.text(waiting.delay()) + " before a single trial; `restart` ends it",
                        null);
        };
    }

    /** Something outside is in the way: look again from time to time, and name it. */
    private static void obstructed(Work work, Unit.Builder u, Obstacle obstacle) {
        if (obstacle instanceof Obstacle.Unusable) {
            u.admitted = false;
        }
        Long at = u.inspectAt;
        if (at == null || at <= work.now.awake()) {
            if (at != null && obstacle instanceof Obstacle.NotDurable) {
                u.obstacle = null;
                u.inspectAt = null;
                decide(work, u);
                return;
            }
            if (at != null) {
                if (Litellm.isTurn(u.spec.name())) {
                    work.emit(Litellm.file(work, u.spec.name()));
                }
                work.emit(new Effect.Inspect(u.spec.name(), u.launch, u.spec, u.port));
            }
            u.inspectAt = work.now.awake() + INSPECT_EVERY;
        }
        hold(work, u, new Unit.Gate(reason(obstacle), obstacle.message(), null), false);
    }

    static String reason(Obstacle obstacle) {
        return switch (obstacle) {
            case Obstacle.PortInUse _ -> "PortConflict";
            case Obstacle.Unusable unusable ->
                switch (unusable.thing()) {
                    case BINARY -> "BinaryMissing";
                    case MODEL -> "ModelMissing";
                    case WORKING_DIRECTORY -> "WorkingDirectoryMissing";
                    case FILE -> "FileMissing";
                };
            case Obstacle.SecretMissing _ -> "SecretMissing";
            case Obstacle.Refused _ -> "FailedStart";
            case Obstacle.NotDurable _ -> "StateNotDurable";
        };
    }

    private static void hold(Work work, Unit.Builder u, Unit.Gate gate, boolean wakeable) {
        if (u.gate == null || !u.gate.reason().equals(gate.reason())) {
            work.note(u, "not started: " + gate.reason() + ", " + gate.message());
        }
        u.gate = gate;
        String name = u.spec.name();
        work.pending = wakeable ? work.pending.add(name) : work.pending.remove(name);
    }

    private static Unit.@Nullable Gate dependencies(Work work, Unit.Builder u) {
        for (Dependency dependency : u.spec.dependsOn()) {
            Unit.Builder other = work.unit(dependency.name());
            if (other == null || !met(other, dependency.condition())) {
                return new Unit.Gate(
                        "DependencyNotReady",
                        "waits for %s to be %s".formatted(dependency.name(), word(dependency.condition())),
                        dependency.name());
            }
        }
        return null;
    }

    private static String word(Dependency.Condition condition) {
        String name = condition.name();
        return name.charAt(0) + name.substring(1).toLowerCase(java.util.Locale.ROOT);
    }

    private static boolean met(Unit.Builder other, Dependency.Condition condition) {
        return switch (condition) {
            case STARTED -> other.phase instanceof Phase.Running;
            case READY -> other.phase instanceof Phase.Running r && r.readySince() != null;
            case COMPLETED -> other.phase instanceof Phase.Idle && other.finish != null;
            case SUCCEEDED ->
                other.phase instanceof Phase.Idle
                        && other.finish != null
                        && !other.finish.failed()
                        && other.last != null
                        && other.last.status().isSuccess();
        };
    }

    /** What was loading when the machine went down starts last and alone, lest it take the machine down again. */
    private static Unit.@Nullable Gate bootGuard(Work work, Unit.Builder u) {
        if (!u.suspect) {
            return null;
        }
        for (String name : work.names()) {
            Unit.Builder other = work.unit(name);
            if (other == null || other == u || !wanted(work, other)) {
                continue;
            }
            boolean busy = switch (other.phase) {
                case Phase.Launching _, Phase.Stopping _, Phase.Clearing _ -> true;
                case Phase.Running r -> r.readySince() == null;
                case Phase.Idle _ -> other.gate == null;
            };
            if (busy) {
                return new Unit.Gate(
                        "BootLoopGuard",
                        "was loading when the machine went down; starts after the others, alone",
                        name);
            }
        }
        return null;
    }

    private static void launch(Work work, Unit.Builder u) {
        Workload spec = u.spec;
        u.port = Ports.assign(work, spec);
        boolean crashRestart = u.streak.failures() > 0;
        u.launch = u.launch + 1;
        u.nonce = nonce(work, spec.name(), u.launch);
        u.intended = true;
        u.launched = spec;
        u.commandDigest = null;
        u.outdated = false;
        u.gate = null;
        u.inspectAt = null;
        u.admitted = true;
        u.restartAsked = false;
        u.streak = u.streak.withWait(null);
        u.phase = new Phase.Launching(work.now.awake());
        if (u.progress == null && !crashRestart) {
            Absorb.begin(work, u);
        }
        Ports.take(work, u);
        work.pending = work.pending.remove(spec.name());
        work.note(u, "start " + u.launch + (u.port == null ? "" : " on port " + u.port));
        if (Litellm.isTurn(spec.name())) {
            work.emit(Litellm.file(work, spec.name()));
        }
        work.emit(new Effect.Spawn(spec.name(), u.launch, spec, u.port, u.nonce, !crashRestart));
    }

    /** What marks every process of a launch, wherever it goes: home, name, launch, and a hash nobody else makes. */
    static String nonce(Work work, String name, long launch) {
        long hash = Failures.mix(work.stack.seed() ^ name.hashCode() ^ (launch << 20));
        return work.stack.homeId() + "/" + name + "/" + launch + "/" + Long.toHexString(hash);
    }
}
