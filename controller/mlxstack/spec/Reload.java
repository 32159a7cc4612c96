package mlxstack.spec;

import java.util.List;

/** How a workload takes up changed files without a restart. */
public sealed interface Reload {

    /** @param signal a name without {@code SIG}, as in {@code HUP} */
    record BySignal(String signal) implements Reload {}

    record ByExec(List<String> command) implements Reload {
        public ByExec {
            command = List.copyOf(command);
        }
    }
}
