package mlxstack.reconcile;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import mlxstack.spec.Template;
import mlxstack.spec.Workload;
import org.jspecify.annotations.Nullable;

/**
 * LiteLLM takes up no other configuration while it runs. So two names take turns: a new one starts beside the old, takes
 * over once it is Ready, and the old one ends with its last requests. Where memory does not suffice for both, or the old
 * one serves nobody, it is replaced instead.
 */
final class Litellm {

    /** Beside the digest of what the stack file says: where each endpoint is reached. */
    private static final String PORTS = "ports";

    private Litellm() {}

    /** Whether it stands for the two, which are what is run. */
    static boolean isPattern(Workload workload) {
        return workload.name().equals(Workload.LITELLM);
    }

    static boolean isTurn(String name) {
        return Workload.LITELLM_TURNS.contains(name);
    }

    /** What both are made after; null when the revision wants none. */
    static @Nullable Workload pattern(@Nullable Revision revision) {
        return revision == null
                ? null
                : revision.stack().workloads().stream()
                        .filter(Litellm::isPattern)
                        .findFirst()
                        .orElse(null);
    }

    /** Of the names that run now, those which go on with what they have until it is known what replaces them. */
    static io.vavr.collection.Map<String, Workload> kept(
            Revision revision, io.vavr.collection.Map<String, Workload> before) {
        return pattern(revision) == null ? io.vavr.collection.HashMap.empty() : before.filterKeys(Litellm::isTurn);
    }

    /** What was written down of the two before this daemon's life; one that was on its way out stays so. */
    static void recovered(Work work, List<UnitRecord> records) {
        Workload pattern = pattern(work.revision);
        if (pattern == null) {
            return;
        }
        for (UnitRecord record : records) {
            if (isTurn(record.name()) && record.ending() != Phase.Why.REMOVED) {
                Workload launched = record.launched();
                Workload wanted = launched == null ? named(pattern, record.name()) : launched;
                work.desired = work.desired.put(record.name(), wanted);
            }
        }
    }

    /** Brings what is wanted of the two up to date; true when that changed something to decide about. */
    static boolean settle(Work work) {
        Workload pattern = pattern(work.revision);
        if (pattern == null || !work.concernsLitellm()) {
            return false;
        }
        Workload target = target(work, pattern);
        String mine = holder(work, target);
        if (mine == null) {
            want(work, free(work), target);
            return true;
        }
        boolean changed = false;
        if (!named(target, mine).equals(work.desired.get(mine).getOrNull())) {
            want(work, mine, target);
            changed = true;
        }
        String other = other(mine);
        if (work.desired.containsKey(other) && (isReady(work, mine) || !fitsBeside(work, mine))) {
            work.desired = work.desired.remove(other);
            work.tell(mine, "TookOver", "requests come here instead of to " + other);
            work.endpointsTouched = true;
            Specs.leaves(work, work.unit(other));
            work.dirty(other);
            changed = true;
        }
        return changed;
    }

    private static void want(Work work, String name, Workload target) {
        work.desired = work.desired.put(name, named(target, name));
        work.endpointsTouched = true;
        work.dirty(name);
    }

    /** The one that has, or is getting, this configuration; null if neither. */
    private static @Nullable String holder(Work work, Workload target) {
        for (String name : Workload.LITELLM_TURNS) {
            Workload wanted = work.desired.get(name).getOrNull();
            if (wanted != null && wanted.templateHash().equals(target.templateHash())) {
                return name;
            }
        }
        return null;
    }

    /** Whose turn it is: not of the one that serves. */
    private static String free(Work work) {
        String first = Workload.LITELLM_TURNS.getFirst();
        String second = other(first);
        boolean a = work.desired.containsKey(first);
        boolean b = work.desired.containsKey(second);
        if (a && b) {
            return isReady(work, first) ? second : first;
        }
        if (a || b) {
            String one = a ? first : second;
            return serves(work, one) ? other(one) : one;
        }
        return first;
    }

    private static String other(String name) {
        return Workload.LITELLM_TURNS.get(1 - Workload.LITELLM_TURNS.indexOf(name));
    }

    private static boolean isReady(Work work, String name) {
        Unit.Builder u = work.unit(name);
        Workload wanted = work.desired.get(name).getOrNull();
        return u != null
                && wanted != null
                && u.launched != null
                && u.launched.templateHash().equals(wanted.templateHash())
                && u.phase instanceof Phase.Running r
                && r.readySince() != null;
    }

    /** One taken over from an earlier daemon is believed in. */
    private static boolean serves(Work work, String name) {
        Unit.Builder u = work.unit(name);
        return u != null && u.phase instanceof Phase.Running r && (r.readySince() != null || r.adopted());
    }

    private static boolean fitsBeside(Work work, String name) {
        Unit.Builder u = work.unit(name);
        return u == null || u.gate == null || !u.gate.reason().equals("InsufficientMemory");
    }

    private static Workload target(Work work, Workload pattern) {
        var ports = new ArrayList<String>();
        for (Effect.Backend backend : backends(work)) {
            ports.add(backend.endpoint() + " " + backend.port());
        }
        Template t = pattern.template();
        var triggers = new TreeMap<>(t.restartTriggers());
        triggers.put(PORTS, String.join(", ", ports));
        return pattern.withTemplate(t.withRestartTriggers(triggers));
    }

    private static Workload named(Workload target, String name) {
        return target.withName(name);
    }

    /** What its file is made of, now. */
    static Effect.WriteLitellmConfig file(Work work, String name) {
        return new Effect.WriteLitellmConfig(name, table(work, null));
    }

    private static Effect.WriteGatewayConfig table(Work work, Effect.@Nullable Relay relay) {
        Revision revision = java.util.Objects.requireNonNull(work.revision);
        return new Effect.WriteGatewayConfig(
                backends(work), revision.stack().providers(), revision.stack().gateway(), relay);
    }

    /** What the front is told; null where no LiteLLM stands behind it. */
    static Effect.@Nullable WriteGatewayConfig front(Work work, io.vavr.collection.Map<String, Unit> units) {
        Effect.Relay relay = pattern(work.revision) == null ? null : relay(units, work.desired);
        return relay == null ? null : table(work, relay);
    }

    /** Every endpoint as the stack file has it, also one that has not been started yet. */
    private static List<Effect.Backend> backends(Work work) {
        var backends = new ArrayList<Effect.Backend>();
        for (Workload w :
                java.util.Objects.requireNonNull(work.revision).stack().workloads()) {
            if (w.kind() == Workload.Kind.ENDPOINT) {
                Unit.Builder u = work.unit(w.name());
                Integer port = w.template().port() != null ? w.template().port() : u == null ? null : u.port;
                port = port == null ? Ports.assign(work, w) : port;
                if (port != null) {
                    backends.add(new Effect.Backend(
                            w.name(), GatewayTable.models(w), port, Effect.Availability.READY, 0, w));
                }
            }
        }
        return backends;
    }

    /** The one that requests are sent to; null while neither is wanted. */
    private static Effect.@Nullable Relay relay(
            io.vavr.collection.Map<String, Unit> units, io.vavr.collection.Map<String, Workload> desired) {
        Effect.Relay best = null;
        for (String name : Workload.LITELLM_TURNS) {
            if (desired.containsKey(name)) {
                Unit unit = units.get(name).getOrNull();
                var relay = new Effect.Relay(
                        name,
                        unit == null ? null : unit.port(),
                        GatewayTable.availability(unit),
                        GatewayTable.retryAfter(unit));
                if (best == null || relay.availability().compareTo(best.availability()) < 0) {
                    best = relay;
                }
            }
        }
        return best;
    }
}
