package mlxstack.spec;

import org.jspecify.annotations.Nullable;

/**
 * What the gateway tells of the requests that go through it, beside its metrics.
 *
 * @param accessLog whether each gets a line in the gateway's log
 * @param traces the OTLP endpoint that spans are sent to, without {@code /v1/traces}; null: none are
 */
public record Telemetry(boolean accessLog, @Nullable String traces) {

    public static final Telemetry DEFAULT = new Telemetry(true, null);
}
