package mlxstack.spec;

/**
 * @param maxSize bytes of one segment
 * @param maxFiles at most {@code maxSize * maxFiles} bytes are kept on disk for one name
 */
public record LogPolicy(long maxSize, int maxFiles) {}
