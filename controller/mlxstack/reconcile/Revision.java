package mlxstack.reconcile;

import java.time.Instant;
import mlxstack.spec.Stack;
import org.jspecify.annotations.Nullable;

/**
 * One accepted state of the stack file.
 *
 * @param number counts from 1, over the life of the home
 * @param digest hex SHA-256 of the file's bytes
 * @param commit git commit of the real file, with {@code +dirty} where the file differs from it; null outside a work tree
 */
public record Revision(
        long number, String digest, Instant at, @Nullable String commit, String path, Stack stack) {

    private static final int SHORT = 12;

    /** For people: enough of the digest to tell files apart. */
    public String shortDigest() {
        return digest.substring(0, Math.min(SHORT, digest.length()));
    }

    /** For people, with what follows the id. */
    public @Nullable String shortCommit() {
        if (commit == null) {
            return null;
        }
        int end = commit.indexOf('+');
        String id = end < 0 ? commit : commit.substring(0, end);
        return id.substring(0, Math.min(SHORT, id.length())) + (end < 0 ? "" : commit.substring(end));
    }
}
