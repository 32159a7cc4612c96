package mlxstack.scoring;

import org.jspecify.annotations.Nullable;

/**
 * How fast a model is on a machine, one request at a time.
 *
 * @param prompt tokens a second that are read
 * @param generation tokens a second that are written
 * @param memoryBytes at the peak of what was measured; null when nothing was
 * @param tools whether a tool call came out right when it was measured; null when none was
 */
public record Speed(
        double prompt,
        double generation,
        @Nullable Long memoryBytes,
        @Nullable Boolean tools,
        Basis basis) {

    /** Where a figure comes from, the most trusted first. */
    public enum Basis {
        /** The user's own, saved on this machine. */
        MEASURED,
        /** The catalog's, of the same chip. */
        CATALOG,
        /** Computed: from another machine's figure, or from the machine's bandwidth alone. */
        ESTIMATE;

        public String text() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }

        /** What stands before a number of this kind. */
        public String mark() {
            return this == ESTIMATE ? "~" : "";
        }
    }
}
