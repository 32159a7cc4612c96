package mlxstack.api;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import mlxstack.reconcile.State;
import mlxstack.spec.Workload;
import org.jspecify.annotations.Nullable;

/** What objects there are of a kind, by name. */
public final class Items {

    /** Longer than any machine takes to tell what it is. */
    private static final Duration PATIENCE = Duration.ofSeconds(15);

    private Items() {}

    /** Everything of {@code kind}, wherever it comes from; may take seconds when the machine was not looked at yet. */
    public static List<? extends Item> of(Kind kind, State state, ControlPlane plane) {
        return switch (kind) {
            case EVENT -> events(state, plane.events());
            case NODE -> {
                var info = plane.machine(PATIENCE);
                yield info == null ? List.of() : List.of(machine(state, info, plane));
            }
            case STACK, ENDPOINT, PROCESS, PROVIDER -> of(kind, state);
        };
    }

    private static Item machine(State state, MachineInfo info, ControlPlane plane) {
        var daemon = plane.daemon();
        return new Item.Machine(state, info, StackView.budget(state), daemon.version(), daemon.startedAt());
    }

    /** Everything of {@code kind} in {@code state}, sorted by name; events and the machine come from elsewhere. */
    public static List<Item> of(Kind kind, State state) {
        var items = new ArrayList<Item>();
        switch (kind) {
            case PROCESS -> state.units().values().forEach(u -> items.add(Item.process(state, u)));
            case ENDPOINT ->
                state.units()
                        .values()
                        .filter(u -> u.spec().kind() == Workload.Kind.ENDPOINT)
                        .forEach(u -> items.add(new Item.Endpoint(state, View.of(state, u))));
            case STACK -> {
                var revision = state.revision();
                if (revision != null) {
                    items.add(new Item.Stack(state, revision));
                }
            }
            case PROVIDER -> {
                var revision = state.revision();
                if (revision != null) {
                    revision.stack().providers().forEach(p -> items.add(new Item.Remote(state, p, revision.at())));
                }
            }
            case EVENT, NODE -> {}
        }
        items.sort(Comparator.comparing(Item::name));
        return items;
    }

    /** Events in the order they were last seen, oldest first. */
    public static List<Item.Happening> events(State state, EventSource source) {
        return source.changedSince(0).stream()
                .map(e -> new Item.Happening(state, e))
                .sorted(Comparator.comparing((Item.Happening h) -> h.event().last())
                        .thenComparingLong(h -> h.event().change()))
                .toList();
    }

    /** The one object of that kind and name; null if there is none. */
    public static @Nullable Item one(Kind kind, String name, State state) {
        return switch (kind) {
            case PROCESS -> {
                var unit = state.unit(name);
                yield unit == null ? null : Item.process(state, unit);
            }
            case ENDPOINT -> {
                var unit = state.unit(name);
                yield unit == null ? null : Item.endpoint(state, unit);
            }
            case STACK, PROVIDER ->
                of(kind, state).stream()
                        .filter(i -> i.name().equals(name))
                        .findFirst()
                        .orElse(null);
            case EVENT, NODE -> null;
        };
    }
}
