package mlxstack.route;

import mlxstack.wire.ApiError;
import org.jspecify.annotations.Nullable;

/** A look at the budgets as they stand; nothing is reserved by it. Called on the thread that decides. */
@FunctionalInterface
public interface Spending {

    /** Nobody counts. */
    Spending UNLIMITED = (_, _, _, _) -> null;

    /**
     * What speaks against this cost: 402 when the money is gone, 429 with {@code Retry-After} when a window has to pass;
     * null: nothing does.
     *
     * @param key null without one
     * @param nanoUsd estimated, of prompt and answer
     * @param tokens estimated, of prompt and answer
     */
    @Nullable
    ApiError against(@Nullable String key, Backend backend, long nanoUsd, long tokens);
}
