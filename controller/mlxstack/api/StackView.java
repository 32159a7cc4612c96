package mlxstack.api;

import java.util.List;
import mlxstack.reconcile.Source;
import mlxstack.reconcile.State;
import mlxstack.spec.MemoryPolicy;
import org.jspecify.annotations.Nullable;

/**
 * How the whole stack looks from outside.
 *
 * @param wanted workloads that should run now
 * @param ready how many of those are Ready
 * @param reason one CamelCase word
 */
public record StackView(int wanted, int ready, boolean allReady, String reason, String message) {

    public static StackView of(State state) {
        int wanted = 0;
        int ready = 0;
        int finished = 0;
        View worst = null;
        for (var unit : state.units().values()) {
            View view = View.of(state, unit);
            if (view.word() == View.Word.STOPPED && !view.ready()) {
                finished++;
                continue;
            }
            wanted++;
            if (view.ready()) {
                ready++;
            } else if (worst == null || rank(view) > rank(worst)) {
                worst = view;
            }
        }
        var source = state.source();
        if (state.stack().down() != null) {
            return new StackView(
                    wanted,
                    ready,
                    false,
                    "Down",
                    "taken down by " + state.stack().down().by());
        } else if (state.held() != null) {
            return new StackView(wanted, ready, false, "PruneHeld", "a revision waits to be confirmed");
        } else if (worst != null) {
            return new StackView(wanted, ready, false, worst.reason(), worst.name() + ": " + worst.message());
        } else if (source.standing() == Source.Standing.INVALID) {
            return new StackView(wanted, ready, true, "ConfigInvalid", first(source.problems()));
        }
        return new StackView(wanted, ready, true, wanted + finished == 0 ? "Empty" : "Ready", "");
    }

    /** The name a person should hear of first. */
    private static int rank(View view) {
        return switch (view.word()) {
            case FAILED -> 7;
            case FLAPPING -> 6;
            case CRASHED -> 5;
            case DOWN -> 4;
            case DEGRADED -> 3;
            case PENDING -> 2;
            case STARTING -> 1;
            case HEALTHY, STOPPED -> 0;
        };
    }

    private static String first(List<String> lines) {
        return lines.isEmpty() ? "" : lines.getFirst();
    }

    /** Bytes that may be reserved; null when nothing limits it. */
    public static @Nullable Long budget(State state) {
        var revision = state.revision();
        MemoryPolicy memory = revision == null ? null : revision.stack().memory();
        return memory == null || state.memoryTotal() == 0 ? null : memory.budgetOf(state.memoryTotal());
    }
}
