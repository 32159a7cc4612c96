package mlxstack.cli;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import mlxstack.api.Item;
import mlxstack.api.Kind;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@picocli.CommandLine.Command(
        name = "rollout",
        header = "Follow, list and take back changes",
        subcommands = {
            RolloutVerb.Status.class,
            RolloutPast.History.class,
            RolloutPast.Undo.class,
            RolloutVerb.Restart.class
        },
        footer = {"mlxstackctl rollout status primary", "mlxstackctl rollout undo primary --to-revision=6"})
final class RolloutVerb implements Action {

    @Override
    public int run(Session session) throws InterruptedException {
        session.output().out(Help.of(Shell.commandLine(this).getCommandSpec(), "rollout"));
        return 1;
    }

    @picocli.CommandLine.Command(
            name = "status",
            header = "Wait until a change has taken hold",
            description = "Exits with 1 when the new definition does not become Ready before its progress deadline.",
            footer = {"mlxstackctl rollout status primary", "mlxstackctl rollout status --timeout=5m"})
    static final class Status implements Action {

        @Parameters(paramLabel = "NAME", arity = "0..*")
        List<String> words = List.of();

        @Option(
                names = "--watch",
                negatable = true,
                description = "Wait for the end (default); --watch=false looks once")
        boolean watch = true;

        @Option(
                names = "--timeout",
                paramLabel = "TIME",
                converter = TimeOption.class,
                description = "Give up after this time; 0 (default) is never")
        Duration timeout = Duration.ZERO;

        @Option(names = "--revision", paramLabel = "N", description = "Fail if another generation than this is wanted")
        @Nullable
        Long revision;

        @Override
        public int run(Session session) throws InterruptedException {
            var names = words.isEmpty()
                    ? session.items(Kind.PROCESS).stream().map(Item::name).toList()
                    : Names.all(session, words).getOrElse(List.of());
            if (names.isEmpty()) {
                return words.isEmpty() ? session.fail("nothing is declared") : 1;
            }
            long deadline = System.nanoTime() + timeout.toNanos();
            int code = 0;
            for (String name : names) {
                code = Math.max(code, follow(session, name, deadline));
            }
            return code;
        }

        private int follow(Session session, String name, long deadline) throws InterruptedException {
            var said = new ArrayList<String>();
            Duration left = timeout.isZero() ? timeout : Duration.ofNanos(Math.max(1, deadline - System.nanoTime()));
            boolean over = session.until(
                    state -> {
                        var step = Ladder.of(state, name, revision);
                        String text = step.text();
                        if (step instanceof Ladder.Waiting && !said.contains(text)) {
                            said.add(text);
                            say(session, text);
                        }
                        return !(step instanceof Ladder.Waiting) || !watch;
                    },
                    left);
            if (!over) {
                return session.fail("timed out waiting for the rollout of process \"" + name + "\"");
            }
            return switch (Ladder.of(session.state(), name, revision)) {
                case Ladder.Waiting _ -> 0;
                case Ladder.Done(String text) -> {
                    session.line(text);
                    yield 0;
                }
                case Ladder.Failed(String text) -> session.fail(text);
            };
        }

        /** A predicate may not be interrupted; the wait around it will be. */
        private static void say(Session session, String text) {
            try {
                session.line(text);
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @picocli.CommandLine.Command(
            name = "restart",
            header = "End processes and start them again",
            footer = "mlxstackctl rollout restart primary")
    static final class Restart implements Action {

        @Parameters(paramLabel = "NAME", arity = "1..*")
        List<String> names = List.of();

        @Override
        public int run(Session session) throws InterruptedException {
            return LifeVerbs.restart(session, names, false, Duration.ZERO);
        }
    }
}
