package mlxstack.api;

import java.nio.file.Path;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Who serves this home.
 *
 * @param root {@code $MLXSTACK_HOME}
 * @param version of this build
 * @param pid of the daemon
 * @param searchPath {@code PATH} recorded for children; null when none is
 */
public record DaemonInfo(
        Path root,
        String version,
        long pid,
        Instant startedAt,
        @Nullable String searchPath,
        StartedBy startedBy) {

    public enum StartedBy {
        TERMINAL,
        LAUNCHD,
        SYSTEMD
    }
}
