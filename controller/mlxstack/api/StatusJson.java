package mlxstack.api;

import mlxstack.reconcile.Condition;
import mlxstack.reconcile.ExitStatus;
import mlxstack.reconcile.Phase;
import mlxstack.reconcile.Unit;
import mlxstack.reconcile.UnitRecord;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** The {@code status} of a process. */
final class StatusJson {

    private StatusJson() {}

    /** @param resident bytes its process holds now; null when unknown */
    static ObjectNode of(View view, @Nullable Long resident) {
        Unit unit = view.unit();
        var status = Json.object();
        status.put("observedGeneration", unit.observedGeneration());
        status.put("state", view.word().text());
        status.put("reason", view.reason());
        if (!view.message().isEmpty()) {
            status.put("message", view.message());
        }
        status.put("ready", view.ready());
        Json.putIf(status, "pid", view.pid());
        Json.putIf(status, "port", view.port());
        Json.putIf(status, "url", view.url());
        Json.timeIf(status, "startedAt", view.startedAt());
        status.put("launch", unit.launch());
        status.put("restarts", unit.streak().restarts());
        var launched = unit.launched();
        Json.putIf(status, "templateHash", launched == null ? null : launched.templateHash());
        if (unit.phase() instanceof Phase.Running running && running.adopted()) {
            status.put("adopted", true);
        }
        memory(status, unit, resident);
        status.set("current", current(view));
        var last = unit.last();
        if (last != null) {
            status.putObject("last").set("terminated", terminated(last));
        }
        overrides(status, unit);
        conditions(status, unit);
        return status;
    }

    private static void memory(ObjectNode status, Unit unit, @Nullable Long resident) {
        Long declared = unit.spec().policy().memory();
        if (declared != null || resident != null) {
            var memory = status.putObject("memory");
            Json.putIf(memory, "declared", declared);
            Json.putIf(memory, "current", resident);
        }
    }

    private static ObjectNode current(View view) {
        var current = Json.object();
        Unit unit = view.unit();
        var started = view.startedAt();
        var last = unit.last();
        if (started != null) {
            current.putObject("running").put("startedAt", Json.time(started));
        } else if (unit.finish() != null && last != null) {
            current.set("terminated", terminated(last));
        } else {
            var waiting = current.putObject("waiting").put("reason", view.reason());
            if (!view.message().isEmpty()) {
                waiting.put("message", view.message());
            }
            Json.timeIf(waiting, "nextAttempt", view.nextAttempt());
        }
        return current;
    }

    private static ObjectNode terminated(UnitRecord.Ended last) {
        var end = Json.object();
        switch (last.status()) {
            case ExitStatus.Code(int code) -> end.put("exitCode", code);
            case ExitStatus.Signal(int number, String name, boolean core) -> {
                end.put("exitCode", 128 + number).put("signal", number).put("signalName", "SIG" + name);
                if (core) {
                    end.put("coreDumped", true);
                }
            }
            case ExitStatus.Unknown _ -> end.put("exitCode", "unknown");
        }
        end.put("reason", last.reason());
        end.put("launch", last.launch());
        Json.timeIf(end, "startedAt", last.startedAt());
        end.put("finishedAt", Json.time(last.finishedAt()));
        return end;
    }

    private static void overrides(ObjectNode status, Unit unit) {
        var stopped = unit.stopped();
        var suspended = unit.suspended();
        var pinned = unit.pinned();
        if (stopped == null && suspended == null && pinned == null) {
            return;
        }
        var all = status.putObject("overrides");
        if (stopped != null) {
            all.putObject("stopped").put("by", stopped.by()).put("at", Json.time(stopped.at()));
        }
        if (suspended != null) {
            var to = all.putObject("suspended").put("by", suspended.by()).put("at", Json.time(suspended.at()));
            Json.putIf(to, "reason", suspended.reason());
        }
        if (pinned != null) {
            all.putObject("pinned")
                    .put("revision", pinned.revision())
                    .put("by", pinned.mark().by())
                    .put("at", Json.time(pinned.mark().at()));
        }
    }

    /** Ours as the core keeps them, by type. */
    private static void conditions(ObjectNode status, Unit unit) {
        var all = status.putArray("conditions");
        for (Condition.Type type : Condition.Type.values()) {
            unit.conditions()
                    .get(type)
                    .forEach(c -> all.addObject()
                            .put("type", c.type().name())
                            .put("status", c.status().name())
                            .put("reason", c.reason())
                            .put("message", c.message())
                            .put("lastTransitionTime", Json.time(c.since()))
                            .put("observedGeneration", unit.observedGeneration()));
        }
    }
}
