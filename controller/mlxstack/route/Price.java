package mlxstack.route;

/**
 * What a million tokens cost, in nano-dollars (10^-9 USD): "3.00" is 3_000_000_000. That a local endpoint costs nothing
 * is a price as well.
 *
 * @param cacheRead of prompt tokens read from the provider's cache
 * @param cacheWrite of prompt tokens written to it
 */
public record Price(long input, long output, long cacheRead, long cacheWrite) {

    public static final Price FREE = new Price(0, 0, 0, 0);
}
