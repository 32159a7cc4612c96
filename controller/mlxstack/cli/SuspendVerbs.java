package mlxstack.cli;

import java.time.Duration;
import java.util.List;
import mlxstack.reconcile.Command;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Leaving things as they are for a while. Kept in the home; the stack file is not touched. */
final class SuspendVerbs {

    private SuspendVerbs() {}

    @picocli.CommandLine.Command(
            name = "suspend",
            header = "Leave processes, or the whole stack, as they are",
            description = "Nothing is started, stopped or changed until 'resume'. Without a name: the whole stack.",
            footer = {"mlxstackctl suspend --reason 'recording a demo' --for 1h", "mlxstackctl suspend primary"})
    static final class Suspend implements Action {

        @Parameters(paramLabel = "NAME", arity = "0..*")
        List<String> names = List.of();

        @Option(names = "--reason", paramLabel = "TEXT", description = "Shown by status until it is resumed")
        @Nullable
        String reason;

        @Option(
                names = "--for",
                paramLabel = "TIME",
                converter = TimeOption.class,
                description = "Resume by itself after this time")
        @Nullable
        Duration length;

        @Override
        public int run(Session session) throws InterruptedException {
            Long until = length == null ? null : session.plane().now().in(length);
            if (names.isEmpty()) {
                return whole(session, new Command.Suspend(null, session.user(), reason, until), "suspended");
            }
            return EachName.run(
                    session,
                    names,
                    "suspended",
                    name -> new Command.Suspend(name, session.user(), reason, until),
                    _ -> null);
        }
    }

    @picocli.CommandLine.Command(
            name = "resume",
            header = "End a suspension",
            description = "Without a name: the whole stack's.",
            footer = {"mlxstackctl resume", "mlxstackctl resume primary"})
    static final class Resume implements Action {

        @Parameters(paramLabel = "NAME", arity = "0..*")
        List<String> names = List.of();

        @Override
        public int run(Session session) throws InterruptedException {
            if (names.isEmpty()) {
                return whole(session, new Command.Resume(null, session.user()), "resumed");
            }
            return EachName.run(session, names, "resumed", name -> new Command.Resume(name, session.user()), _ -> null);
        }
    }

    private static int whole(Session session, Command command, String done) throws InterruptedException {
        return session.report(
                session.command(command), "stack/" + mlxstack.api.Item.stackName(session.state()) + " " + done);
    }
}
