package mlxstack.reconcile;

import io.vavr.collection.Map;
import mlxstack.spec.MemoryPolicy;
import org.jspecify.annotations.Nullable;

/** Admission control over declared memory. Nothing is preempted; what was admitted keeps its share until it rests. */
final class Memory {

    private Memory() {}

    static long need(mlxstack.spec.Workload workload) {
        Long declared = workload.policy().memory();
        return declared == null ? 0 : declared;
    }

    static long reserved(Map<String, Unit> units) {
        long sum = 0;
        for (Unit unit : units.values()) {
            if (unit.admitted()) {
                sum += need(unit.spec());
            }
        }
        return sum;
    }

    /** Why {@code u} may not start now; null when it may. */
    static Unit.@Nullable Gate gate(Work work, Unit.Builder u) {
        Revision revision = work.revision;
        MemoryPolicy policy = revision == null ? null : revision.stack().memory();
        long need = need(u.spec);
        if (policy == null || need == 0 || u.admitted) {
            return null;
        }
        if (work.memoryTotal == 0) {
            return new Unit.Gate("InsufficientMemory", "the machine's memory is not known yet", null);
        }
        long budget = policy.budgetOf(work.memoryTotal);
        long reserved = 0;
        for (String name : work.names()) {
            Unit.Builder other = work.unit(name);
            if (other != null && other.admitted) {
                reserved += need(other.spec);
            }
        }
        if (reserved + need <= budget) {
            return null;
        }
        return new Unit.Gate(
                "InsufficientMemory",
                "needs %s, %s of %s are free".formatted(text(need), text(Math.max(0, budget - reserved)), text(budget)),
                null);
    }

    private static String text(long bytes) {
        double gi = bytes / (double) (1L << 30);
        return gi >= 1
                ? String.format(java.util.Locale.ROOT, gi == Math.rint(gi) ? "%.0fGi" : "%.1fGi", gi)
                : (bytes >> 20) + "Mi";
    }
}
