package mlxstack.ledger;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What was used by one of those usage is listed by. Immutable.
 *
 * @param name of the day ({@code 2026-11-21}), the key or whatever it is listed by; {@code -} for what has none
 * @param errors requests that failed or were refused
 * @param estimated requests whose tokens no backend reported
 * @param cached of {@code tokensIn}
 * @param cost nano-dollars
 * @param avoided nano-dollars; null when there was never a remote model to compare with
 */
public record UsageLine(
        String name,
        long requests,
        long errors,
        long estimated,
        long tokensIn,
        long cached,
        long tokensOut,
        long cost,
        @Nullable Long avoided) {

    UsageLine plus(UsageLine other) {
        return new UsageLine(
                name,
                requests + other.requests,
                errors + other.errors,
                estimated + other.estimated,
                tokensIn + other.tokensIn,
                cached + other.cached,
                tokensOut + other.tokensOut,
                cost + other.cost,
                avoided == null
                        ? other.avoided
                        : other.avoided == null ? avoided : Long.valueOf(avoided + other.avoided));
    }

    /** The same of another name. */
    public UsageLine named(String other) {
        return new UsageLine(other, requests, errors, estimated, tokensIn, cached, tokensOut, cost, avoided);
    }

    /** Of all of them. */
    public static UsageLine total(List<UsageLine> lines) {
        var total = new UsageLine("total", 0, 0, 0, 0, 0, 0, 0, null);
        for (UsageLine line : lines) {
            total = total.plus(line);
        }
        return total;
    }
}
