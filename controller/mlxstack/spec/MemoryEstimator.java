package mlxstack.spec;

import java.util.OptionalLong;

/** Says what an endpoint needs when its author did not: from a catalog or from the weights' own metadata. */
public interface MemoryEstimator {

    /**
     * @param template of an endpoint without {@code memory}
     * @return bytes; empty when not known. Never throws
     */
    OptionalLong bytes(Template template);

    /** Knows nothing. */
    static MemoryEstimator none() {
        return _ -> OptionalLong.empty();
    }
}
