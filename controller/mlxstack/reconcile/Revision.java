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
        long number, String digest, Instant at, @Nullable String commit, String path, Stack stack) {}
