package mlxstack.route;

import java.util.List;
import mlxstack.wire.ApiError;
import org.jspecify.annotations.Nullable;

/** What becomes of a request, and why. */
public sealed interface Decision {

    /** Each a word or {@code word:value}, in the order in which they came to bear, such as {@code route:owner-work}. */
    List<String> reasons();

    /** What the reasons leave out. */
    Basis basis();

    /**
     * @param hops at least one, in the order in which they are tried
     * @param route the name of the rule that matched; null when the model's name decided
     * @param level of complexity; null when it was not asked for
     */
    record To(
            List<Hop> hops,
            @Nullable String route,
            @Nullable String level,
            List<String> reasons,
            Basis basis) implements Decision {
        public To {
            hops = List.copyOf(hops);
            reasons = List.copyOf(reasons);
        }

        /** One of which there is nothing more to say. */
        public To(List<Hop> hops, @Nullable String route, @Nullable String level, List<String> reasons) {
            this(hops, route, level, reasons, Basis.NONE);
        }
    }

    record Refused(ApiError error, List<String> reasons, Basis basis) implements Decision {
        public Refused {
            reasons = List.copyOf(reasons);
        }
    }

    /**
     * For records of decisions.
     *
     * @param level of complexity that was found, also where nobody could be chosen for it; null when it was not asked for
     * @param score of the text; null when it was not looked at
     * @param floor the model that it was lifted to; null when it was not
     * @param rejected candidates that were passed over, each as {@code reason:backend}
     */
    record Basis(
            @Nullable String level,
            @Nullable Double score,
            @Nullable String floor,
            List<String> rejected) {

        public static final Basis NONE = new Basis(null, null, null, List.of());

        public Basis {
            rejected = List.copyOf(rejected);
        }
    }
}
