package mlxstack.api;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.TreeMap;
import java.util.UUID;
import mlxstack.reconcile.State;
import mlxstack.reconcile.Unit;
import mlxstack.spec.Workload;
import tools.jackson.databind.node.ObjectNode;

/** The {@code metadata} of objects. */
public final class Meta {

    /** Namespace of events, the only namespaced kind. */
    static final String NAMESPACE = "default";

    private Meta() {}

    /**
     * The object an item is identified by.
     *
     * @param version its resource version
     */
    static ObjectNode of(Item item, long version) {
        var meta = Json.object();
        meta.put("name", item.name());
        if (item.kind() == Kind.EVENT) {
            meta.put("namespace", NAMESPACE);
        }
        meta.put("uid", uid(item));
        meta.put("resourceVersion", Long.toString(version));
        switch (item) {
            case Item.Supervised(State state, View view) -> {
                unit(meta, state, view.unit());
                owner(meta, state, view.unit());
            }
            case Item.Endpoint(State state, View view) -> unit(meta, state, view.unit());
            case Item.Stack stack -> {
                var revision = stack.revision();
                meta.put("generation", revision.number());
                meta.put("creationTimestamp", Json.time(revision.at()));
                if (!revision.stack().labels().isEmpty()) {
                    meta.set("labels", Json.map(revision.stack().labels()));
                }
                if (!revision.stack().annotations().isEmpty()) {
                    meta.set("annotations", Json.map(revision.stack().annotations()));
                }
            }
            case Item.Remote remote -> meta.put("creationTimestamp", Json.time(remote.since()));
            case Item.Machine machine -> {
                meta.put("creationTimestamp", Json.time(machine.since()));
                meta.set("labels", Json.map(new TreeMap<>(machine.labels())));
            }
            case Item.Happening happening ->
                meta.put("creationTimestamp", Json.time(happening.event().first()));
        }
        return meta;
    }

    /** Labels with ours added: what {@code -l} and {@code --show-labels} see. */
    public static java.util.Map<String, String> labels(Item item) {
        var labels = new TreeMap<>(item.labels());
        switch (item) {
            case Item.Supervised(State state, View view) -> labels.putAll(ours(state, view.unit()));
            case Item.Endpoint(State state, View view) -> labels.putAll(ours(state, view.unit()));
            case Item.Stack _, Item.Remote _, Item.Machine _, Item.Happening _ -> {}
        }
        return labels;
    }

    private static java.util.Map<String, String> ours(State state, Unit unit) {
        return java.util.Map.of(
                "mlxstack.dev/stack", Item.stackName(state),
                "mlxstack.dev/kind", unit.spec().kind().name().toLowerCase(java.util.Locale.ROOT),
                "mlxstack.dev/engine", unit.spec().template().engine().yamlName());
    }

    private static void unit(ObjectNode meta, State state, Unit unit) {
        meta.put("generation", unit.generation());
        meta.put("creationTimestamp", Json.time(unit.createdAt()));
        var labels = new TreeMap<>(unit.spec().labels());
        labels.putAll(ours(state, unit));
        meta.set("labels", Json.map(labels));
        var description = unit.spec().description();
        if (description != null) {
            meta.putObject("annotations").put("mlxstack.dev/description", description);
        }
    }

    /** An endpoint owns its process; the stack owns the others. */
    private static void owner(ObjectNode meta, State state, Unit unit) {
        var revision = state.revision();
        Item owner = unit.spec().kind() == Workload.Kind.ENDPOINT
                ? Item.endpoint(state, unit)
                : revision == null ? null : new Item.Stack(state, revision);
        if (owner == null) {
            return;
        }
        meta.putArray("ownerReferences")
                .addObject()
                .put("apiVersion", owner.kind().apiVersion())
                .put("kind", owner.kind().title())
                .put("name", owner.name())
                .put("uid", uid(owner))
                .put("controller", true)
                .put("blockOwnerDeletion", true);
    }

    /** The same for as long as the object exists, and never used again for another. */
    static String uid(Item item) {
        return switch (item) {
            case Item.Supervised(State state, View view) ->
                uid(state, item, view.unit().createdAt());
            case Item.Endpoint(State state, View view) ->
                uid(state, item, view.unit().createdAt());
            case Item.Stack stack -> uid(stack.state(), item, Instant.EPOCH);
            case Item.Remote remote -> uid(remote.state(), item, Instant.EPOCH);
            case Item.Machine machine -> uid(machine.state(), item, Instant.EPOCH);
            case Item.Happening happening ->
                uid(happening.state(), item, happening.event().first());
        };
    }

    private static String uid(State state, Item item, Instant born) {
        String text = state.stack().homeId() + "/" + item.kind() + "/" + item.name() + "/" + born.toEpochMilli();
        return UUID.nameUUIDFromBytes(text.getBytes(StandardCharsets.UTF_8)).toString();
    }
}
