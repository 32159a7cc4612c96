package mlxstack.catalog;

import org.jspecify.annotations.Nullable;

/**
 * How well a model does its work, 0 to 100. Parts that nobody judged are null.
 *
 * @param estimated whether it is our own guess beside models that were judged
 * @param origin who judged, for people
 */
public record Quality(
        double overall,
        @Nullable Double coding,
        @Nullable Double reasoning,
        @Nullable Double instructions,
        boolean estimated,
        String origin) {}
