package mlxstack.api;

import mlxstack.reconcile.Effect;
import mlxstack.reconcile.State;
import mlxstack.spec.GatewayView;
import mlxstack.spec.MemoryPolicy;
import mlxstack.spec.Provider;
import mlxstack.spec.Quantity;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** Items as Kubernetes-shaped JSON. Pure. */
public final class ObjectJson {

    private ObjectJson() {}

    /**
     * @param version resource version of the object
     * @param resident bytes its process holds now; null when unknown or none
     */
    public static ObjectNode json(Item item, long version, @Nullable Long resident) {
        var object = Json.object();
        object.put("kind", item.kind().title());
        object.put("apiVersion", item.kind().apiVersion());
        object.set("metadata", Meta.of(item, version));
        switch (item) {
            case Item.Supervised(State _, View view) -> {
                object.set("spec", SpecJson.of(view.unit().spec()));
                object.set("status", StatusJson.of(view, resident));
            }
            case Item.Endpoint(State _, View view) -> endpoint(object, view);
            case Item.Stack stack -> stack(object, stack);
            case Item.Remote(State _, Provider provider, var _) -> provider(object, provider);
            case Item.Machine machine -> NodeJson.put(object, machine);
            case Item.Happening happening -> event(object, happening);
        }
        return object;
    }

    private static void endpoint(ObjectNode object, View view) {
        var workload = view.unit().spec();
        var spec = object.putObject("spec");
        spec.put("engine", workload.template().engine().yamlName());
        Json.putIf(spec, "model", workload.template().model());
        Json.putIf(spec, "port", workload.template().port());
        if (!workload.roles().isEmpty()) {
            spec.set("roles", Json.array(workload.roles()));
        }
        var status = object.putObject("status");
        status.put("observedGeneration", view.unit().observedGeneration());
        status.put("state", view.word().text());
        status.put("reason", view.reason());
        status.put("ready", view.ready());
        Json.putIf(status, "url", view.url());
        status.put("process", view.name());
        status.putArray("conditions")
                .addObject()
                .put("type", "Ready")
                .put("status", view.ready() ? "True" : "False")
                .put("reason", view.reason())
                .put("message", view.message())
                .put("observedGeneration", view.unit().observedGeneration());
    }

    private static void provider(ObjectNode object, Provider provider) {
        var spec = GatewayView.of(provider);
        spec.remove("name");
        object.set("spec", Json.tree(spec));
        object.putObject("status")
                .put("state", "configured")
                .put("reason", "Configured")
                .put("message", "the gateway sends it what routes and clients ask of it; nobody probes it");
    }

    private static void stack(ObjectNode object, Item.Stack item) {
        State state = item.state();
        var stack = item.revision().stack();
        var view = StackView.of(state);
        var spec = object.putObject("spec");
        MemoryPolicy memory = stack.memory();
        if (memory != null) {
            spec.putObject("memory").put("budget", text(memory.budget())).put("reserve", text(memory.reserve()));
        }
        spec.set(
                "workloads",
                Json.array(stack.workloads().stream().map(w -> w.name()).toList()));
        spec.set(
                "providers",
                Json.array(stack.providers().stream().map(p -> p.name()).toList()));
        spec.set("gateway", Json.tree(GatewayView.of(stack.gateway())));
        var status = object.putObject("status");
        status.put("observedGeneration", item.revision().number());
        status.put("processes", view.wanted()).put("readyProcesses", view.ready());
        status.put("path", state.source().path());
        status.put("source", SpecJson.title(state.source().standing()));
        if (!state.source().problems().isEmpty()) {
            status.set("problems", Json.array(state.source().problems()));
        }
        var revision = status.putObject("revision");
        revision.put("number", item.revision().number())
                .put("digest", item.revision().digest());
        Json.putIf(revision, "commit", item.revision().commit());
        revision.put("acceptedAt", Json.time(item.revision().at()));
        var held = state.held();
        if (held != null) {
            var to = status.putObject("held").put("digest", held.digest());
            to.set("deletes", Json.array(held.deletes()));
        }
        status.putObject("memory").put("total", state.memoryTotal()).put("reserved", state.memoryReserved());
        Long budget = StackView.budget(state);
        if (budget != null) {
            ((ObjectNode) status.get("memory")).put("budget", budget);
        }
        if (!stack.previews().isEmpty()) {
            status.set("previews", Json.array(stack.previews()));
        }
        boolean valid = state.source().problems().isEmpty();
        var conditions = status.putArray("conditions");
        conditions
                .addObject()
                .put("type", "Ready")
                .put("status", view.allReady() ? "True" : "False")
                .put("reason", view.reason())
                .put("message", view.message());
        conditions
                .addObject()
                .put("type", "ConfigValid")
                .put("status", valid ? "True" : "False")
                .put("reason", SpecJson.title(state.source().standing()))
                .put("message", valid ? "" : state.source().problems().getFirst());
    }

    private static String text(Quantity quantity) {
        return switch (quantity) {
            case Quantity.Bytes(long count) -> Long.toString(count);
            case Quantity.Percent(double share) -> share + "%";
        };
    }

    private static void event(ObjectNode object, Item.Happening item) {
        var event = item.event();
        var about = object.putObject("involvedObject");
        about.put("kind", item.subjectKind().title());
        about.put("apiVersion", item.subjectKind().apiVersion());
        about.put("name", item.subject());
        Item subject = Items.one(item.subjectKind(), item.subject(), item.state());
        if (subject != null) {
            about.put("uid", Meta.uid(subject));
        }
        object.put("type", type(event.type()));
        object.put("reason", event.reason());
        object.put("message", Plain.line(event.message()));
        object.putObject("source").put("component", "mlxstackd").put("host", "local");
        object.put("firstTimestamp", Json.time(event.first()));
        object.put("lastTimestamp", Json.time(event.last()));
        object.put("count", event.count());
        object.putNull("eventTime");
        object.put("reportingComponent", "mlxstackd").put("reportingInstance", "local");
    }

    public static String type(Effect.EmitEvent.Type type) {
        return switch (type) {
            case NORMAL -> "Normal";
            case WARNING -> "Warning";
        };
    }
}
