package mlxstack.cli;

import java.time.Duration;
import mlxstack.api.DaemonInfo;
import mlxstack.api.View;
import mlxstack.reconcile.Command;
import mlxstack.reconcile.State;
import picocli.CommandLine.Option;

@picocli.CommandLine.Command(
        name = "down",
        header = "Stop everything",
        description = {
            "Stops all processes in order, then the daemon (unless the login service keeps that). 'up' ends it.",
            "To stop only the daemon and leave the processes running, send it a TERM signal."
        },
        footer = "mlxstackctl down")
final class DownVerb implements Action {

    @Option(
            names = "--timeout",
            paramLabel = "TIME",
            converter = TimeOption.class,
            description = "Give up waiting after this time (default 5m); 0 is never")
    Duration timeout = Duration.ofMinutes(5);

    @Option(names = "--keep-daemon", description = "Leave the daemon running")
    boolean keepDaemon;

    @Override
    public int run(Session session) throws InterruptedException {
        var outcome = session.command(new Command.Down(session.user()));
        if (outcome instanceof mlxstack.api.Outcome.Refused) {
            return session.report(outcome, "");
        }
        var progress = new Progress(session);
        boolean ended = session.until(
                state -> {
                    progress.show(state, DownVerb::text, DownVerb::text);
                    return idle(state);
                },
                timeout);
        if (!ended) {
            String left = session.state()
                    .units()
                    .values()
                    .filter(u -> u.exists())
                    .map(u -> u.name())
                    .mkString(", ");
            return session.fail("timed out; still running: " + left);
        }
        var daemon = session.plane().daemon();
        if (keepDaemon || daemon.startedBy() != DaemonInfo.StartedBy.TERMINAL) {
            session.line("everything is stopped; the daemon stays (pid " + daemon.pid() + ")");
        } else {
            session.line("everything is stopped");
            session.plane().stop();
        }
        return 0;
    }

    private static String text(View view) {
        return view.unit().exists() ? "stopping" : "stopped";
    }

    private static boolean idle(State state) {
        return state.units().values().forAll(u -> !u.exists());
    }
}
