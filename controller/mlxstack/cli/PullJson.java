package mlxstack.cli;

import mlxstack.pull.Holding;
import mlxstack.pull.PullPlan;
import mlxstack.pull.PullPlan.Step;
import mlxstack.pull.PullProblem;
import mlxstack.pull.Puller;
import tools.jackson.databind.node.ObjectNode;

/** A pull's lines of JSON. Stateless. */
final class PullJson {

    private PullJson() {}

    static ObjectNode plan(PullPlan plan) {
        var json = about(PullScreen.event("plan"), plan);
        json.put("bytesToFetch", plan.missing());
        var files = json.putArray("files");
        for (var step : plan.steps()) {
            String what = switch (step) {
                case Step.Here _ -> "here";
                case Step.Elsewhere _ -> "elsewhere";
                case Step.Fetch _ -> "fetch";
            };
            files.addObject()
                    .put("path", step.file().path())
                    .put("size", step.file().size())
                    .put("checksum", step.file().checksum().text())
                    .put("what", what);
        }
        return json;
    }

    static ObjectNode done(Puller.Pulled pulled) {
        var json = about(PullScreen.event("done"), pulled.plan())
                .put("fetched", pulled.fetched())
                .put("reused", pulled.reused());
        return pulled.unasked() == null ? json : json.put("hubNotAsked", pulled.unasked());
    }

    static ObjectNode found(Holding holding) {
        return PullScreen.event("done")
                .put("model", holding.model())
                .put("format", holding.format().word())
                .put("quant", holding.quant())
                .put("size", holding.bytes())
                .put("path", holding.path().toString())
                .put("source", holding.source().title());
    }

    static ObjectNode error(PullProblem problem) {
        return PullScreen.event("error").put("kind", problem.kind().name()).put("message", problem.message());
    }

    private static ObjectNode about(ObjectNode json, PullPlan plan) {
        return json.put("model", plan.repo())
                .put("revision", plan.revision())
                .put("commit", plan.commit())
                .put("format", plan.chosen().format().word())
                .put("quant", plan.chosen().quant())
                .put("size", plan.size())
                .put("path", plan.path().toString());
    }
}
