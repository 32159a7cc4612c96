package mlxstack.cli;

import io.vavr.control.Either;
import java.time.Duration;
import mlxstack.api.DaemonInfo.StartedBy;
import mlxstack.autostart.Autostart.Pause;
import mlxstack.cli.Daemons.Running;
import org.jspecify.annotations.Nullable;

/**
 * From a daemon that somebody started in a terminal to the one of the login service, which already waits for the lock. In
 * that order nothing is ever without a daemon for longer than the lock takes to pass on, and an installation that fails
 * leaves the old one running. For one thread.
 */
final class Handover {

    private static final Duration BETWEEN = Duration.ofMillis(100);
    private static final int TRIES = 600;

    private final Daemons daemons;
    private final Pause pause;

    Handover(Daemons daemons, Pause pause) {
        this.daemons = daemons;
        this.pause = pause;
    }

    /** Returns when the service's daemon answers: a line for people. Left: what is in the way. */
    Either<String, String> run() {
        Running old = null;
        for (int i = 0; i < TRIES; i++) {
            Running now = daemons.running();
            if (now != null && ofService(now)) {
                return Either.right(
                        old == null
                                ? "mlxstackd runs (pid %d)".formatted(now.pid())
                                : "mlxstackd (pid %d) took over from the one started in a terminal (pid %d); what it supervised ran on"
                                        .formatted(now.pid(), old.pid()));
            }
            if (now != null && now.pid() == 0) {
                return Either.left("installed, but a daemon of another version serves this home and does not say which"
                        + " process it is; end it (kill -TERM PID), and the installed one takes over");
            }
            if (now != null && old == null) {
                old = now;
                daemons.end(now);
            }
            pause.of(BETWEEN);
        }
        return Either.left(failure(old));
    }

    private String failure(@Nullable Running old) {
        Running now = daemons.running();
        return old != null && old.equals(now)
                ? "installed, but the daemon that was started in a terminal (pid %d) does not end; end it, and the installed one takes over"
                        .formatted(old.pid())
                : "installed, but mlxstackd does not answer; `mlxstackctl install --status` may say why";
    }

    private static boolean ofService(Running daemon) {
        return daemon.startedBy() != null && daemon.startedBy() != StartedBy.TERMINAL;
    }
}
