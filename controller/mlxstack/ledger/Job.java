package mlxstack.ledger;

import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** What the writer is asked to do, in this order. */
sealed interface Job {

    record Row(Exchange exchange) implements Job {}

    /** Takes the place of an earlier one of the same request. */
    record Reserve(Claim claim) implements Job {}

    record Release(String id) implements Job {}

    /** What was spent since then, all jobs before this one included and none after it. */
    record Past(Instant since, CompletableFuture<List<Claim>> spent) implements Job {}

    /** All before is in the file. */
    record Flush(CompletableFuture<Void> done) implements Job {}

    /** Whether it should be in the file before anything else happens. */
    default boolean urgent() {
        return switch (this) {
            case Row _, Release _ -> false;
            case Reserve(Claim claim) -> claim.nanos() > 0;
            case Past _, Flush _ -> true;
        };
    }
}
