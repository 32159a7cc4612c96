package mlxstack.reconcile;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Why one name is as it is: the decisions that led here, what is waited for, and what would change it. Pure. */
public final class Why {

    private Why() {}

    /** Lines for people. {@code name} must be known to {@code state}. */
    public static List<String> explain(State state, String name, Now now) {
        Unit unit = state.unit(name);
        if (unit == null) {
            return List.of(name + " is not in the stack file, and nothing runs under that name");
        }
        var lines = new ArrayList<String>();
        lines.add(name + ": " + standing(unit, now));
        lines.add("how it came to this:");
        if (unit.trail().isEmpty()) {
            lines.add("  nothing has been decided yet");
        }
        int width = unit.trail().map(d -> ago(d, now).length()).max().getOrElse(0);
        for (Unit.Decision decision : unit.trail()) {
            lines.add(("  %-" + width + "s  %s").formatted(ago(decision, now), decision.text()));
        }
        lines.add("waits for:");
        waits(state, unit, now).forEach(w -> lines.add("  " + w));
        lines.add("what would change it:");
        ways(state, unit).forEach(w -> lines.add("  " + w));
        return lines;
    }

    private static String ago(Unit.Decision decision, Now now) {
        // Of an earlier boot the awake time says nothing, and the wall clock may have been set since.
        Duration age = Duration.between(decision.at(), now.wall());
        return age.isNegative() ? "now" : text(age) + " ago";
    }

    private static String text(Duration d) {
        if (d.toHours() >= 48) {
            return d.toDays() + "d";
        }
        return d.toHours() >= 1
                ? d.toHours() + "h" + d.toMinutesPart() + "m"
                : Failures.text(Duration.ofSeconds(d.toSeconds()));
    }

    private static String standing(Unit unit, Now now) {
        return switch (unit.phase()) {
            case Phase.Launching _ -> "being started";
            case Phase.Running r
            when r.readySince() != null ->
                "runs as pid %d and has been Ready for %s"
                        .formatted(r.identity().pid(), text(Duration.ofNanos(now.awake() - r.readySince())));
            case Phase.Running r ->
                "runs as pid %d and is not Ready%s"
                        .formatted(
                                r.identity().pid(),
                                r.probes().lastMessage().isEmpty()
                                        ? ""
                                        : ": " + r.probes().lastMessage());
            case Phase.Stopping s -> "is being ended (" + Endings.word(s.why()) + ")";
            case Phase.Clearing c -> "has ended (" + Endings.word(c.why()) + "); what it left is being cleared";
            case Phase.Idle _ -> {
                Unit.Gate gate = unit.gate();
                yield gate == null ? "about to be started" : "not running: " + gate.reason() + ", " + gate.message();
            }
        };
    }

    private static List<String> waits(State state, Unit unit, Now now) {
        var out = new ArrayList<String>();
        Wait waiting = unit.streak().waiting();
        switch (unit.phase()) {
            case Phase.Launching _ -> out.add("the start to come back from the kernel");
            case Phase.Stopping s ->
                out.add("its end; KILL follows in " + left(s.killAt(), now) + (s.kills() > 0 ? " once more" : ""));
            case Phase.Clearing _ -> out.add("what is left of its processes, and its port, to be gone");
            case Phase.Running r
            when r.readySince() == null -> out.add(r.probes().started() ? "its readiness probe" : "its start-up probe");
            case Phase.Running _ -> {}
            case Phase.Idle _ -> idle(state, unit, waiting, now, out);
        }
        if (unit.restartAsked()) {
            out.add("its turn to be restarted, as was asked");
        }
        if (unit.exists() && unit.progress() != null && !unit.progress().exceeded()) {
            out.add("being Ready within " + left(unit.progress().deadline(), now) + " (progressDeadline)");
        }
        return out.isEmpty() ? List.of("nothing") : out;
    }

    private static void idle(State state, Unit unit, @Nullable Wait waiting, Now now, List<String> out) {
        Unit.Gate gate = unit.gate();
        if (state.revision() == null && !unit.removed()) {
            out.add("a valid stack file");
        }
        if (waiting != null && waiting.until() > now.awake() && unit.obstacle() == null) {
            String what = waiting.reason() == Wait.Reason.HOLD ? "the hold" : "the back-off";
            out.add(what + " to end in " + left(waiting.until(), now) + ", at "
                    + waiting.wall().truncatedTo(ChronoUnit.SECONDS));
        }
        if (unit.obstacle() != null && unit.inspectAt() != null) {
            out.add("that to change: " + unit.obstacle().message() + " (looked at again in "
                    + left(unit.inspectAt(), now) + ")");
        } else if (gate != null && gate.blame() != null) {
            out.add(gate.blame() + ", see `mlxstackctl why " + gate.blame() + "`");
        } else if (gate != null && gate.reason().equals("InsufficientMemory")) {
            out.add("memory: " + gate.message());
        }
    }

    private static String left(long at, Now now) {
        return text(Duration.ofNanos(Math.max(0, at - now.awake())));
    }

    private static List<String> ways(State state, Unit unit) {
        String name = unit.name();
        var out = new ArrayList<String>();
        if (state.stack().suspended() != null) {
            out.add("mlxstackctl resume (the whole stack is suspended)");
        }
        if (unit.suspended() != null) {
            out.add("mlxstackctl resume " + name);
        }
        if (unit.pinned() != null) {
            out.add("a changed definition in the stack file ends the pin to revision "
                    + unit.pinned().revision());
        }
        if (unit.removed()) {
            out.add("putting " + name + " back into the stack file");
        } else if (state.stack().down() != null) {
            out.add("mlxstackctl up");
        } else if (unit.stopped() != null) {
            out.add("mlxstackctl start " + name);
        } else if (unit.spec().replicas() == 0) {
            out.add("replicas: 1 in the stack file");
        } else if (unit.exists()) {
            out.add("mlxstackctl restart " + name + ", or stop " + name);
            out.add("another definition in the stack file");
        } else {
            stuck(unit, out);
        }
        return out;
    }

    private static void stuck(Unit unit, List<String> out) {
        String name = unit.name();
        Unit.Gate gate = unit.gate();
        switch (unit.obstacle()) {
            case Obstacle.PortInUse p ->
                out.add(
                        p.pid() == 0
                                ? "whoever listens on port " + p.port() + " ending"
                                : "ending pid %d (%s)".formatted(p.pid(), p.program()));
            case Obstacle.Unusable u -> out.add(u.message());
            case Obstacle.SecretMissing s -> out.add("setting " + s.reference());
            case Obstacle.Refused r -> out.add("the kernel allowing it: " + r.message());
            case Obstacle.NotDurable n -> out.add("room and rights in the state directory: " + n.message());
            case null -> {}
        }
        if (gate != null && gate.reason().equals("InsufficientMemory")) {
            out.add("a larger memory budget, a smaller model, or stopping something");
        }
        out.add("mlxstackctl restart " + name + " (counters start anew)");
        out.add("another definition in the stack file");
    }
}
