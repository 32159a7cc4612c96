package mlxstack.reconcile;

import io.vavr.collection.Map;
import io.vavr.collection.Set;
import io.vavr.collection.Vector;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;
import mlxstack.spec.Workload;
import org.jspecify.annotations.Nullable;

/**
 * One step under way: the state as changed so far, the effects so far, and the names that have to be looked at again.
 * Made, used and dropped inside {@link Reconciler#step}; never seen by two threads.
 */
final class Work {

    private static final int TRAIL = 16;

    final Now now;
    private final State before;
    private final java.util.Map<String, Unit.Builder> edits = new LinkedHashMap<>();
    private final java.util.Set<String> gone = new java.util.LinkedHashSet<>();
    private final ArrayDeque<String> queue = new ArrayDeque<>();
    private final java.util.Set<String> queued = new java.util.HashSet<>();
    private final java.util.Set<String> decided = new java.util.HashSet<>();
    private final List<Effect> effects = new ArrayList<>();
    private final java.util.Set<String> sync = new java.util.HashSet<>();

    StackRecord stack;
    boolean recovered;

    @Nullable
    Revision revision;

    State.@Nullable Held held;
    Source source;
    Map<String, Workload> desired;
    Map<String, Vector<String>> dependents;
    Set<String> pending;
    long memoryTotal;
    Map<Integer, String> portHolders;
    Set<Integer> avoided;
    boolean durable;

    @Nullable
    String gatewayObserved;

    boolean endpointsTouched;

    Work(State before, Now now) {
        this.before = before;
        this.now = now;
        stack = before.stack();
        recovered = before.recovered();
        revision = before.revision();
        held = before.held();
        source = before.source();
        desired = before.desired();
        dependents = before.dependents();
        pending = before.pending();
        memoryTotal = before.memoryTotal();
        portHolders = before.portHolders();
        avoided = before.avoided();
        durable = before.durable();
        gatewayObserved = before.gatewayObserved();
    }

    Unit.@Nullable Builder unit(String name) {
        Unit.Builder edited = edits.get(name);
        if (edited != null || gone.contains(name)) {
            return edited;
        }
        Unit unit = before.unit(name);
        if (unit == null) {
            return null;
        }
        Unit.Builder builder = unit.edit();
        edits.put(name, builder);
        return builder;
    }

    Unit.Builder create(Workload spec, Instant createdAt) {
        Unit.Builder builder = Unit.created(spec, createdAt).edit();
        edits.put(spec.name(), builder);
        if (gone.remove(spec.name())) {
            // Gone and back within one step: its new record must not be deleted with the old one.
            effects.remove(new Effect.Forget(spec.name()));
        }
        return builder;
    }

    void drop(String name) {
        edits.remove(name);
        gone.add(name);
        pending = pending.remove(name);
        if (stack.ports().containsKey(name)) {
            var ports = new java.util.HashMap<>(stack.ports());
            ports.remove(name);
            stack = new StackRecord(stack.homeId(), stack.seed(), ports, stack.down(), stack.suspended());
        }
        effects.add(new Effect.CancelTimer(name));
        effects.add(new Effect.Forget(name));
    }

    /** Every name there is, in no particular order. */
    java.util.Set<String> names() {
        var names = new java.util.TreeSet<String>();
        before.units().keysIterator().forEachRemaining(names::add);
        names.addAll(edits.keySet());
        names.removeAll(gone);
        return names;
    }

    void dirty(String name) {
        if (queued.add(name)) {
            queue.add(name);
        }
    }

    /** Those whose start may have waited for {@code name}. */
    void dirtyDependents(String name) {
        dependents.get(name).forEach(list -> list.forEach(this::dirty));
    }

    /** Something was freed: wake what waits, the important first. */
    void dirtyPending() {
        if (pending.isEmpty()) {
            return;
        }
        byPriority(pending.toJavaList()).forEach(this::dirty);
    }

    List<String> byPriority(java.util.Collection<String> names) {
        var sorted = new ArrayList<>(names);
        sorted.sort(java.util.Comparator.<String>comparingInt(n -> -priority(n))
                .thenComparing(java.util.Comparator.naturalOrder()));
        return sorted;
    }

    private int priority(String name) {
        return desired.get(name).map(Workload::priority).getOrElse(0);
    }

    @Nullable
    String next() {
        String name = queue.poll();
        if (name != null) {
            queued.remove(name);
            decided.add(name);
        }
        return name;
    }

    void emit(Effect effect) {
        effects.add(effect);
    }

    void tell(@Nullable String name, String reason, String message) {
        effects.add(new Effect.EmitEvent(name, Effect.EmitEvent.Type.NORMAL, reason, message));
    }

    void warn(@Nullable String name, String reason, String message) {
        effects.add(new Effect.EmitEvent(name, Effect.EmitEvent.Type.WARNING, reason, message));
    }

    /** The unit's record must survive the machine, not only the daemon. */
    void sync(String name) {
        sync.add(name);
    }

    void note(Unit.Builder u, String text) {
        if (!u.trail.isEmpty() && u.trail.last().text().equals(text)) {
            return;
        }
        u.trail = u.trail.append(new Unit.Decision(now.wall(), now.awake(), text));
        if (u.trail.length() > TRAIL) {
            u.trail = u.trail.drop(u.trail.length() - TRAIL);
        }
    }

    /** Whether there is a gateway that may have requests under way. */
    boolean gatewayRuns() {
        Unit gateway = before.unit(Workload.GATEWAY);
        return gateway != null && gateway.phase() instanceof Phase.Running;
    }

    boolean frozen(Unit.Builder u) {
        return u.suspended != null || stack.suspended() != null;
    }

    /** Whether anything has changed that decides which LiteLLM is to run: most steps are about something else. */
    @SuppressWarnings("ReferenceEquality") // comparing whole stacks at every step would cost more than what it saves
    boolean concernsLitellm() {
        if (revision != before.revision() || desired != before.desired()) {
            return true;
        }
        for (var entry : edits.entrySet()) {
            Unit old = before.unit(entry.getKey());
            if (Litellm.isTurn(entry.getKey()) || old == null || !Objects.equals(old.port(), entry.getValue().port)) {
                return true;
            }
        }
        return gone.stream().anyMatch(Litellm::isTurn);
    }

    /** The state as it is now, and the effects: records first, since what follows relies on them. */
    Step finish() {
        var records = new ArrayList<Effect>();
        if (!stack.equals(before.stack())) {
            records.add(new Effect.PersistStack(stack));
        }
        Map<String, Unit> units = before.units();
        for (String name : gone) {
            if (before.unit(name) != null) {
                units = units.remove(name);
                endpointsTouched = true;
            }
        }
        var timers = new ArrayList<Effect>();
        for (var entry : edits.entrySet()) {
            String name = entry.getKey();
            Unit.Builder u = entry.getValue();
            Unit old = before.unit(name);
            Conditions.refresh(this, u);
            Long deadline = decided.contains(name) ? Deadlines.next(this, u) : u.timer;
            if (!Objects.equals(deadline, u.timer)) {
                u.timer = deadline;
                timers.add(deadline == null ? new Effect.CancelTimer(name) : new Effect.SetTimer(name, deadline));
            }
            Unit unit = u.build();
            if (unit.equals(old)) {
                continue;
            }
            units = units.put(name, unit);
            endpointsTouched |= unit.spec().kind() == Workload.Kind.ENDPOINT || Litellm.isTurn(name);
            UnitRecord record = Records.of(unit, now.bootId());
            if (old == null || !record.equals(Records.of(old, now.bootId()))) {
                records.add(new Effect.Persist(name, record, sync.contains(name)));
            }
        }
        Effect.WriteGatewayConfig gateway = before.gateway();
        if (endpointsTouched) {
            Effect.WriteGatewayConfig table = Litellm.front(this, units);
            if (table == null) {
                table = GatewayTable.of(revision, units, desired);
            }
            if (table != null && !table.equals(gateway)) {
                gateway = table;
                effects.add(
                        0, table); // who is about to go is not sent new requests, and the gateway starts with it there
            }
        }
        records.addAll(effects);
        records.addAll(timers);
        State after = new State(
                stack,
                recovered,
                revision,
                held,
                source,
                desired,
                units,
                dependents,
                pending,
                memoryTotal,
                Memory.reserved(units),
                portHolders,
                avoided,
                durable,
                gateway,
                gatewayObserved);
        return new Step(after, records);
    }
}
