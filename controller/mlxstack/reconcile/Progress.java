package mlxstack.reconcile;

import mlxstack.spec.Workload;
import org.jspecify.annotations.Nullable;

/**
 * A change of template under way: from its acceptance until Ready, or until its deadline.
 *
 * @param deadline awake time
 * @param exceeded the deadline has passed; the instance is left as it is
 * @param previous what was last Ready under the old template, for {@code autoRevert}; null on a first start
 */
public record Progress(
        long since,
        long deadline,
        boolean exceeded,
        @Nullable Workload previous) {}
