package mlxstack.reconcile;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import mlxstack.spec.Workload;
import org.jspecify.annotations.Nullable;

/** Which port an instance gets, and which existing instance still holds one. */
final class Ports {

    static final int FIRST = 8000;

    private Ports() {}

    /** The declared port, the remembered one, or the first free one from {@value #FIRST} upward, remembered from now on. */
    static @Nullable Integer assign(Work work, Workload spec) {
        Integer declared = spec.template().port();
        if (declared != null || !spec.template().needsPort()) {
            return declared;
        }
        Integer remembered = work.stack.ports().get(spec.name());
        if (remembered != null && !work.avoided.contains(remembered)) {
            return remembered;
        }
        var taken = new java.util.HashSet<>(work.stack.ports().values());
        for (Workload w : work.desired.values()) {
            taken.addAll(all(w));
        }
        int port = FIRST;
        while (taken.contains(port) || work.avoided.contains(port) || work.portHolders.containsKey(port)) {
            port++;
        }
        var ports = new HashMap<>(work.stack.ports());
        ports.put(spec.name(), port);
        StackRecord s = work.stack;
        work.stack = new StackRecord(s.homeId(), s.seed(), ports, s.down(), s.suspended());
        return port;
    }

    /** Why {@code u} may not start now: another instance of ours has not given its port back yet. */
    static Unit.@Nullable Gate gate(Work work, Unit.Builder u) {
        for (int port : all(u.spec)) {
            String holder = work.portHolders.get(port).getOrNull();
            if (holder != null && !holder.equals(u.spec.name())) {
                return new Unit.Gate("PortHeld", "port %d is still held by %s".formatted(port, holder), holder);
            }
        }
        return null;
    }

    static void take(Work work, Unit.Builder u) {
        Integer port = u.port;
        if (port != null) {
            work.portHolders = work.portHolders.put(port, u.spec.name());
        }
        for (int declared : all(u.spec)) {
            work.portHolders = work.portHolders.put(declared, u.spec.name());
        }
    }

    static void release(Work work, String name) {
        work.portHolders = work.portHolders.filterValues(holder -> !holder.equals(name));
    }

    private static List<Integer> all(Workload w) {
        var ports = new ArrayList<>(w.template().ports());
        if (w.template().port() != null) {
            ports.add(w.template().port());
        }
        return ports;
    }
}
