package mlxstack.ledger;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Why a request went where it went. Immutable.
 *
 * @param backend null when none was asked
 * @param reasons words parted by blanks
 * @param source how the tokens are known, as a word
 * @param cost nano-dollars
 */
public record Decided(
        String id,
        Instant time,
        @Nullable String key,
        String operation,
        String model,
        @Nullable String route,
        @Nullable String level,
        @Nullable Double score,
        String reasons,
        @Nullable String backend,
        String outcome,
        int status,
        String source,
        long tokensIn,
        long tokensOut,
        long queueMs,
        @Nullable Long firstTokenMs,
        long durationMs,
        long cost,
        List<Exchange.Attempt> attempts) {}
