package mlxstack.api;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What accepting a document would do.
 *
 * @param changes in the order they would be made; empty when nothing would happen
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
}
