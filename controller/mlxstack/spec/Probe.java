package mlxstack.spec;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One health question, asked as the kubelet asks it.
 *
 * <p>A start-up probe is asked every 100 ms at first, growing to a second, until {@code period * failureThreshold} have
 * passed.
 */
public record Probe(
        Handler handler,
        Duration initialDelay,
        Duration period,
        Duration timeout,
        int successThreshold,
        int failureThreshold) {

    /** How long a start-up probe may go unanswered before the instance is ended. */
    public Duration startupDeadline() {
        return period.multipliedBy(failureThreshold);
    }

    public enum Kind {
        STARTUP,
        READINESS,
        LIVENESS
    }

    /** A {@code port} of null means the workload's own (declared or allotted) port. */
    public sealed interface Handler {

        record Http(@Nullable Integer port, String path, Map<String, String> headers) implements Handler {
            public Http {
                headers = Map.copyOf(headers);
            }
        }

        record Tcp(@Nullable Integer port) implements Handler {}

        record Exec(List<String> command) implements Handler {
            public Exec {
                command = List.copyOf(command);
            }
        }

        /** @param pattern a regular expression looked for in each line of this launch's log */
        record Log(String pattern) implements Handler {}

        /**
         * Readiness of a model server that cannot be fooled: our pid listens, its health page answers and one token
         * comes out. Never written by the user; the default start-up probe of endpoints.
         */
        record Model() implements Handler {}

        /** The engine's own health page on the workload's port. Never written by the user. */
        record Health() implements Handler {}
    }
}
