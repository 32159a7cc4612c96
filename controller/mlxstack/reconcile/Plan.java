package mlxstack.reconcile;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import mlxstack.spec.GatewayDiff;
import mlxstack.spec.Workload;
import mlxstack.spec.WorkloadDiff;
import org.jspecify.annotations.Nullable;

/**
 * What accepting a stack file would do, found by making the step and not carrying it out: it cannot promise anything
 * the loop would not do.
 *
 * @param changes those the step acts on first, in its order; then the others by name. Empty when nothing would happen
 * @param prune digest that confirms the deletions; null when they are few enough to need none
 */
public record Plan(
        String stack, List<Change> changes, @Nullable String prune) {

    public Plan {
        changes = List.copyOf(changes);
    }

    /**
     * @param reason one line: why this action, or why it would wait
     * @param fields what differs; empty for a whole start or deletion
     */
    public record Change(String name, Action action, String reason, List<Field> fields) {
        public Change {
            fields = List.copyOf(fields);
        }
    }

    /**
     * @param path dotted, as in the stack file
     * @param before null when absent
     * @param after null when absent
     */
    public record Field(
            String path, @Nullable String before, @Nullable String after) {}

    /** From the mildest to the hardest. */
    public enum Action {
        METADATA,
        POLICY,
        RELOAD,
        START,
        RESTART,
        STOP,
        DELETE
    }

    public static Plan of(State before, Revision revision, Now now) {
        Step step = Reconciler.step(before, new Event.SpecAccepted(revision), now);
        State.Held held = step.state().held();
        String prune = held == null ? null : held.digest();
        if (prune != null) {
            step = Reconciler.step(step.state(), new Event.Commanded(new Command.ConfirmPrune(prune, "plan")), now);
        }
        State after = step.state();
        Set<String> names = new LinkedHashSet<>();
        step.effects().stream().filter(Plan::acts).map(Effect::name).forEach(names::add);
        before.units().keySet().toSortedSet().forEach(names::add);
        after.units().keySet().toSortedSet().forEach(names::add);
        var changes = new ArrayList<Change>();
        for (String name : names) {
            Change change = change(name, before, after);
            if (name.equals(Workload.GATEWAY)) {
                change = withRules(change, before, after);
            }
            if (change != null) {
                changes.add(change);
            }
        }
        return new Plan(revision.stack().name(), changes, prune);
    }

    /** Routes, keys and the like are no part of the gateway's process: it takes them up as it runs. */
    private static @Nullable Change withRules(@Nullable Change change, State before, State after) {
        Revision was = before.revision();
        Revision is = after.revision();
        Unit gateway = after.unit(Workload.GATEWAY);
        if (was == null
                || is == null
                || before.unit(Workload.GATEWAY) == null
                || gateway == null
                || gateway.removed()) {
            return change;
        }
        var fields = new ArrayList<>(change == null ? List.of() : change.fields());
        GatewayDiff.between(was.stack(), is.stack())
                .forEach(f -> fields.add(new Field(f.path(), f.before(), f.after())));
        if (change != null && change.action().compareTo(Action.RELOAD) >= 0) {
            return new Change(change.name(), change.action(), change.reason(), fields);
        }
        boolean same = fields.size() == (change == null ? 0 : change.fields().size());
        return same ? change : new Change(Workload.GATEWAY, Action.RELOAD, "", fields);
    }

    private static boolean acts(Effect effect) {
        return switch (effect) {
            case Effect.Spawn _, Effect.Signal _, Effect.PreStop _, Effect.Reload _, Effect.Clear _ -> true;
            case Effect.Persist _,
                    Effect.PersistStack _,
                    Effect.Forget _,
                    Effect.Inspect _,
                    Effect.Adopt _,
                    Effect.StartProbe _,
                    Effect.StopProbe _,
                    Effect.SetTimer _,
                    Effect.CancelTimer _,
                    Effect.WriteGatewayConfig _,
                    Effect.WriteLitellmConfig _,
                    Effect.EmitEvent _ -> false;
        };
    }

    private static @Nullable Change change(String name, State before, State after) {
        Unit was = before.unit(name);
        Unit is = after.unit(name);
        if (is == null || is.removed()) {
            return was == null || was.removed() ? null : new Change(name, Action.DELETE, fate(was), List.of());
        }
        if (was == null || was.removed()) {
            return new Change(name, Action.START, waits(is), List.of());
        }
        var fields = WorkloadDiff.between(was.spec(), is.spec()).fields().stream()
                .map(f -> new Field(f.path(), f.before(), f.after()))
                .toList();
        Action action = action(was, is, Absorb.classify(was.spec(), is.spec()));
        return action == null ? null : new Change(name, action, reason(action, was, is), fields);
    }

    private static @Nullable Action action(Unit was, Unit is, Absorb.Change change) {
        if (was.exists() && is.spec().replicas() == 0 && was.spec().replicas() > 0) {
            return Action.STOP;
        }
        boolean starts = !was.exists() && is.exists();
        return switch (change) {
            case NONE -> starts ? Action.START : null;
            case METADATA -> starts ? Action.START : Action.METADATA;
            case POLICY ->
                starts || (!was.exists() && was.spec().replicas() < is.spec().replicas())
                        ? Action.START
                        : Action.POLICY;
            case RELOAD -> was.exists() ? Action.RELOAD : Action.START;
            case RESTART -> was.exists() ? Action.RESTART : Action.START;
        };
    }

    private static String reason(Action action, Unit was, Unit is) {
        return switch (action) {
            case METADATA, POLICY, RELOAD, DELETE -> "";
            case STOP -> fate(was);
            case START -> waits(is);
            case RESTART -> is.phase() instanceof Phase.Running ? held(is) : is.exists() ? fate(was) : waits(is);
        };
    }

    /** A restart that does not begin at once. */
    private static String held(Unit unit) {
        return unit.suspended() != null ? "once it is resumed" : "once it may";
    }

    private static String waits(Unit unit) {
        Unit.Gate gate = unit.gate();
        return unit.exists() || gate == null ? "" : "waits: " + gate.message();
    }

    private static String fate(Unit unit) {
        Identity identity = unit.phase().identityOrNull();
        return identity == null ? "nothing runs" : "ends pid " + identity.pid();
    }

    /** Whether anything that runs would be disturbed. */
    public boolean harsh() {
        return changes.stream().anyMatch(c -> c.action().compareTo(Action.RESTART) >= 0);
    }
}
