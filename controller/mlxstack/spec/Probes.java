package mlxstack.spec;

import org.jspecify.annotations.Nullable;

/** The three probes of a workload; a missing one always passes. */
public record Probes(
        @Nullable Probe startup,
        @Nullable Probe readiness,
        @Nullable Probe liveness) {

    public static final Probes NONE = new Probes(null, null, null);

    public @Nullable Probe of(Probe.Kind kind) {
        return switch (kind) {
            case STARTUP -> startup;
            case READINESS -> readiness;
            case LIVENESS -> liveness;
        };
    }
}
