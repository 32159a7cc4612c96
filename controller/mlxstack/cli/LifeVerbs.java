package mlxstack.cli;

import java.time.Duration;
import java.util.List;
import mlxstack.reconcile.Command;
import mlxstack.reconcile.State;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Starting and stopping by hand. Each is an override kept in the home; none touches the stack file. */
final class LifeVerbs {

    private LifeVerbs() {}

    @picocli.CommandLine.Command(
            name = "stop",
            header = "Stop processes until somebody starts them again",
            description = {
                "Outlives restarts of the daemon and changes of the file; 'start' ends it. The stack file is not changed."
            },
            footer = {"mlxstackctl stop primary", "mlxstackctl stop primary --for 2h"})
    static final class Stop implements Action {

        @Parameters(paramLabel = "NAME", arity = "1..*")
        List<String> names = List.of();

        @Option(
                names = "--for",
                paramLabel = "TIME",
                converter = TimeOption.class,
                description = "Start again by itself after this time")
        @Nullable
        Duration length;

        @Option(names = "--no-wait", description = "Do not wait until they have ended")
        boolean noWait;

        @Override
        public int run(Session session) throws InterruptedException {
            Long until = length == null ? null : session.plane().now().in(length);
            var before = session.state();
            return EachName.run(
                    session, names, "stopped", name -> new Command.Stop(name, session.user(), until), name -> {
                        var unit = session.state().unit(name);
                        if (noWait || unit == null) {
                            return null;
                        }
                        session.output().flush();
                        Duration grace = unit.spec().policy().terminationGracePeriod();
                        if (!session.until(s -> idle(s, name) || !isStopped(s, name), grace.plusSeconds(30))) {
                            return late(name, "stopped");
                        }
                        // The later word counts, whoever said it.
                        return idle(session.state(), name) || launch(session.state(), name) > launch(before, name)
                                ? null
                                : "process/" + name + " was started again by somebody before it had ended";
                    });
        }
    }

    @picocli.CommandLine.Command(
            name = "start",
            header = "Start processes that were stopped by hand",
            footer = {"mlxstackctl start primary", "mlxstackctl start primary --wait"})
    static final class Start implements Action {

        @Parameters(paramLabel = "NAME", arity = "1..*")
        List<String> names = List.of();

        @Option(names = "--wait", description = "Wait until they are Ready")
        boolean wait;

        @Option(
                names = "--timeout",
                paramLabel = "TIME",
                converter = TimeOption.class,
                description = "With --wait, give up after this time; 0 is never")
        Duration timeout = Duration.ofMinutes(10);

        @Override
        public int run(Session session) throws InterruptedException {
            return EachName.run(
                    session,
                    names,
                    "started",
                    name -> new Command.Start(name, session.user()),
                    name -> !wait || session.until(s -> ready(s, name), timeout) ? null : late(name, "started"));
        }
    }

    @picocli.CommandLine.Command(
            name = "restart",
            header = "End processes and start them again",
            description = "Also ends back-off, a hold after flapping and a stop, and forgets earlier failures.",
            footer = {"mlxstackctl restart primary", "mlxstackctl restart primary web-ui --wait"})
    static final class Restart implements Action {

        @Parameters(paramLabel = "NAME", arity = "1..*")
        List<String> names = List.of();

        @Option(names = "--wait", description = "Wait until they are Ready")
        boolean wait;

        @Option(
                names = "--timeout",
                paramLabel = "TIME",
                converter = TimeOption.class,
                description = "With --wait, give up after this time; 0 is never")
        Duration timeout = Duration.ofMinutes(10);

        @Override
        public int run(Session session) throws InterruptedException {
            return restart(session, names, wait, timeout);
        }
    }

    static int restart(Session session, List<String> names, boolean wait, Duration timeout)
            throws InterruptedException {
        var before = session.state();
        return EachName.run(
                session,
                names,
                "restarted",
                name -> new Command.Restart(name, session.user()),
                name -> !wait || session.until(s -> newlyReady(before, s, name), timeout)
                        ? null
                        : late(name, "restarted"));
    }

    private static String late(String name, String done) {
        return "timed out waiting for process/%s to be %s; 'mlxstackctl why %s' says what it waits for"
                .formatted(name, done, name);
    }

    private static boolean idle(State state, String name) {
        var unit = state.unit(name);
        return unit == null || !unit.exists();
    }

    private static boolean isStopped(State state, String name) {
        var unit = state.unit(name);
        return unit != null && unit.stopped() != null;
    }

    private static long launch(State state, String name) {
        var unit = state.unit(name);
        return unit == null ? 0 : unit.launch();
    }

    private static boolean ready(State state, String name) {
        var unit = state.unit(name);
        return unit != null && unit.ready();
    }

    private static boolean newlyReady(State before, State now, String name) {
        var old = before.unit(name);
        var unit = now.unit(name);
        return unit != null && unit.ready() && (old == null || unit.launch() > old.launch());
    }
}
