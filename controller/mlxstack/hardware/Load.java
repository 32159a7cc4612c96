package mlxstack.hardware;

import org.jspecify.annotations.Nullable;

/**
 * How a machine's memory is doing at one moment.
 *
 * @param freeBytes what new processes could take without pushing others out; null when unknown
 */
public record Load(@Nullable Long freeBytes, Pressure pressure) {

    public static final Load UNKNOWN = new Load(null, Pressure.UNKNOWN);

    public enum Pressure {
        NORMAL,
        WARNING,
        CRITICAL,
        UNKNOWN
    }
}
