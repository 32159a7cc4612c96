package mlxstack.route;

import java.util.List;
import mlxstack.wire.ApiError;
import org.jspecify.annotations.Nullable;

/** What becomes of a request, and why. */
public sealed interface Decision {

    /** Each a word or {@code word:value}, in the order in which they came to bear, such as {@code route:owner-work}. */
    List<String> reasons();

    /**
     * @param hops at least one, in the order in which they are tried
     * @param route the name of the rule that matched; null when the model's name decided
     * @param level of complexity; null when it was not asked for
     */
    record To(
            List<Hop> hops,
            @Nullable String route,
            @Nullable String level,
            List<String> reasons) implements Decision {
        public To {
            hops = List.copyOf(hops);
            reasons = List.copyOf(reasons);
        }
    }

    record Refused(ApiError error, List<String> reasons) implements Decision {
        public Refused {
            reasons = List.copyOf(reasons);
        }
    }
}
