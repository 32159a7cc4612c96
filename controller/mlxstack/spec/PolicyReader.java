package mlxstack.spec;

import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import mlxstack.spec.Policy.KillMode;
import org.jspecify.annotations.Nullable;

/** Reads the policy-class fields of one workload, defaults already merged under it. Confined to one parse. */
record PolicyReader(Values values) {

    Policy read(Cursor at, Probes probes, KillMode killMode, @Nullable Long memory) {
        return new Policy(
                restart(at.field("restart")),
                flapping(at.field("flapping")),
                logs(at.field("logs")),
                rollout(at.field("rollout")),
                probes,
                values.duration(at.field("terminationGracePeriod"), Defaults.GRACE),
                at.field("stopSignal").text(Defaults.STOP_SIGNAL),
                preStop(at.field("preStop").field("exec")),
                switch (at.field("killMode").text("")) {
                    case "all" -> KillMode.ALL;
                    case "session" -> KillMode.SESSION;
                    default -> killMode;
                },
                memory);
    }

    private RestartPolicy restart(Cursor at) {
        var when = switch (at.field("policy").text("")) {
            case "OnFailure" -> RestartPolicy.When.ON_FAILURE;
            case "Never" -> RestartPolicy.When.NEVER;
            default -> RestartPolicy.When.ALWAYS;
        };
        var codes = at.field("permanentExitCodes");
        Set<Integer> permanent = Defaults.PERMANENT_EXIT_CODES;
        if (codes.present()) {
            permanent = new LinkedHashSet<>();
            for (var code : codes.items()) {
                permanent.add(code.integer(0));
            }
        }
        return new RestartPolicy(when, backoff(at.field("backoff")), permanent);
    }

    private RestartPolicy.Backoff backoff(Cursor at) {
        var standard = Defaults.BACKOFF;
        var backoff = new RestartPolicy.Backoff(
                values.duration(at.field("initial"), standard.initial()),
                at.field("factor").number(standard.factor()),
                values.duration(at.field("max"), standard.max()),
                at.field("jitter").number(standard.jitter()),
                values.duration(at.field("resetAfter"), standard.resetAfter()));
        atMost(at, "initial", backoff.initial(), backoff.max());
        return backoff;
    }

    private Flapping flapping(Cursor at) {
        var standard = Defaults.FLAPPING;
        var hold = at.field("hold");
        var flapping = new Flapping(
                at.field("restarts").integer(standard.restarts()),
                values.duration(at.field("window"), standard.window()),
                values.duration(hold.field("initial"), standard.holdInitial()),
                values.duration(hold.field("max"), standard.holdMax()));
        atMost(hold, "initial", flapping.holdInitial(), flapping.holdMax());
        return flapping;
    }

    private void atMost(Cursor at, String name, Duration initial, Duration max) {
        if (initial.compareTo(max) > 0) {
            values.complain(
                    at.field(name).present() ? at.field(name) : at.field("max"),
                    "initial (%s) is longer than max (%s); write a longer max or a shorter initial"
                            .formatted(Durations.render(initial), Durations.render(max)));
        }
    }

    private LogPolicy logs(Cursor at) {
        var size = values.bytes(at.field("maxSize"));
        if (size != null && size < 4096) {
            values.complain(at.field("maxSize"), "found " + Quantities.render(size) + "; expected at least 4Ki");
        }
        return new LogPolicy(
                size == null ? Defaults.LOGS.maxSize() : size,
                at.field("maxFiles").integer(Defaults.LOGS.maxFiles()));
    }

    private Rollout rollout(Cursor at) {
        return new Rollout(
                at.field("strategy").text("").equals("Surge") ? Rollout.Strategy.SURGE : Rollout.Strategy.RECREATE,
                values.duration(at.field("progressDeadline"), Defaults.ROLLOUT.progressDeadline()),
                at.field("autoRevert").flag(Defaults.ROLLOUT.autoRevert()));
    }

    private @Nullable ExecAction preStop(Cursor at) {
        List<String> command = values.command(at.field("command"));
        return at.present() ? new ExecAction(command, values.duration(at.field("timeout"), Defaults.PRE_STOP)) : null;
    }
}
