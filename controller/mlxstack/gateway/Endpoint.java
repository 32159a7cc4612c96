package mlxstack.gateway;

import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One model server, as the configuration describes it. Immutable.
 *
 * @param models names that mean it, its own first
 * @param port on 127.0.0.1
 * @param upstreamModel the name that takes the place of a client's; null leaves the request as it is
 * @param retryAfterSeconds what clients are told while it does not serve
 */
record Endpoint(
        String name,
        List<String> models,
        int port,
        @Nullable String upstreamModel,
        Availability availability,
        int retryAfterSeconds) {

    static final String HOST = "127.0.0.1";

    Endpoint {
        models = List.copyOf(models);
    }

    /** The nearest to serving first. */
    enum Availability {
        READY("is ready"),
        STARTING("is starting"),
        DRAINING("is finishing its last requests before it restarts or stops"),
        UNAVAILABLE("cannot serve now; mlxstackctl why says the reason"),
        STOPPED("is stopped; mlxstackctl start starts it");

        final String clause;

        Availability(String clause) {
            this.clause = clause;
        }

        String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
