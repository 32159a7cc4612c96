package mlxstack.reconcile;

import mlxstack.reconcile.Condition.Status;

/** The conditions of a unit, derived anew after every step that touched it; only the time of a flip is remembered. */
final class Conditions {

    private Conditions() {}

    static void refresh(Work work, Unit.Builder u) {
        ready(work, u);
        progressing(work, u);
        flag(work, u, Condition.Type.Flapping, u.streak.flapping(), "RestartsTooOften", "restarted too often; held");
        Obstacle obstacle = u.obstacle;
        flag(
                work,
                u,
                Condition.Type.PortConflict,
                obstacle instanceof Obstacle.PortInUse,
                "PortInUse",
                obstacle == null ? "" : obstacle.message());
        boolean memory = u.gate != null && u.gate.reason().equals("InsufficientMemory");
        flag(
                work,
                u,
                Condition.Type.InsufficientMemory,
                memory,
                "BudgetExceeded",
                u.gate == null ? "" : u.gate.message());
        flag(
                work,
                u,
                Condition.Type.Outdated,
                u.outdated,
                "CommandChanged",
                "a restart would use another command line");
        boolean suspended = work.frozen(u);
        flag(work, u, Condition.Type.Suspended, suspended, "SuspendedByUser", "nothing is started, stopped or changed");
        flag(
                work,
                u,
                Condition.Type.StateNotDurable,
                !work.durable,
                "WriteFailed",
                "the state directory cannot be written");
    }

    private static void ready(Work work, Unit.Builder u) {
        switch (u.phase) {
            case Phase.Running r
            when r.readySince() != null -> set(work, u, Condition.Type.Ready, Status.True, "Ready", "");
            case Phase.Running r
            when r.adopted() ->
                set(work, u, Condition.Type.Ready, Status.Unknown, "Adopted", "taken over; not probed yet");
            case Phase.Running r ->
                set(
                        work,
                        u,
                        Condition.Type.Ready,
                        Status.False,
                        r.probes().started() ? "NotReady" : "Starting",
                        r.probes().lastMessage());
            case Phase.Launching _ -> set(work, u, Condition.Type.Ready, Status.False, "Starting", "");
            case Phase.Stopping s ->
                set(work, u, Condition.Type.Ready, Status.False, "Terminating", Endings.word(s.why()));
            case Phase.Clearing c ->
                set(work, u, Condition.Type.Ready, Status.False, "Terminating", Endings.word(c.why()));
            case Phase.Idle _ -> {
                Unit.Gate gate = u.gate;
                set(
                        work,
                        u,
                        Condition.Type.Ready,
                        Status.False,
                        gate == null ? "Pending" : gate.reason(),
                        gate == null ? "" : gate.message());
            }
        }
    }

    private static void progressing(Work work, Unit.Builder u) {
        Progress p = u.progress;
        if (p == null) {
            set(work, u, Condition.Type.Progressing, Status.True, "Complete", "");
        } else if (p.exceeded()) {
            set(work, u, Condition.Type.Progressing, Status.False, "ProgressDeadlineExceeded", "not Ready in time");
        } else {
            set(work, u, Condition.Type.Progressing, Status.True, "Progressing", "");
        }
    }

    private static void flag(
            Work work, Unit.Builder u, Condition.Type type, boolean on, String reason, String message) {
        if (on) {
            set(work, u, type, Status.True, reason, message);
        } else if (u.conditions.containsKey(type)) {
            u.conditions = u.conditions.remove(type);
        }
    }

    private static void set(
            Work work, Unit.Builder u, Condition.Type type, Status status, String reason, String message) {
        Condition old = u.conditions.get(type).getOrNull();
        if (old != null
                && old.status() == status
                && old.reason().equals(reason)
                && old.message().equals(message)) {
            return;
        }
        var since = old != null && old.status() == status ? old.since() : work.now.wall();
        u.conditions = u.conditions.put(type, new Condition(type, status, reason, message, since));
    }
}
