package mlxstack.reconcile;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How the stack file stands.
 *
 * @param path the watched path, as the user gave it
 * @param digest of the bytes last read; null when there are none
 * @param problems one line each, {@code file:line:column} first
 */
public record Source(
        Standing standing, String path, @Nullable String digest, List<String> problems) {

    public static final Source NONE = new Source(Standing.NOT_SET, "", null, List.of());

    public Source {
        problems = List.copyOf(problems);
    }

    public enum Standing {
        NOT_SET,
        VALID,
        INVALID,
        MISSING,
        /** The bytes keep changing. */
        UNSETTLED
    }
}
