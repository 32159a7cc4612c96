package mlxstack.ledger;

import java.time.Instant;
import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Names of requests: sixteen hexadecimal digits, each greater than the one before it, so that rows are written to one end
 * of the file's index and not all over it. The first eleven are milliseconds since 1970; what follows keeps those of two
 * processes apart. Confined to one thread.
 */
public final class RequestIds {

    private static final int BITS = 20;

    private long last;

    public String next(Instant now) {
        // Half of the range is left for those of the same millisecond.
        long fresh = now.toEpochMilli() << BITS | ThreadLocalRandom.current().nextInt(1 << (BITS - 1));
        last = Math.max(last + 1, fresh);
        return HexFormat.of().toHexDigits(last);
    }
}
