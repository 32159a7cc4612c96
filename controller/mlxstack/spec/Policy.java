package mlxstack.spec;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The policy-class fields: how a workload is looked after. Changes are applied to the running instance.
 *
 * @param memory bytes reserved while an instance exists; null when nobody knows
 * @param stopSignal a name without {@code SIG}
 */
public record Policy(
        RestartPolicy restart,
        Flapping flapping,
        LogPolicy logs,
        Rollout rollout,
        Probes probes,
        Duration terminationGracePeriod,
        String stopSignal,
        @Nullable ExecAction preStop,
        KillMode killMode,
        @Nullable Long memory) {

    /** Which processes outside our session are ended with the workload. */
    public enum KillMode {
        /** Everything that carries the launch's nonce and was re-parented to init. */
        ALL,
        /** The session only; others are reported. */
        SESSION
    }
}
