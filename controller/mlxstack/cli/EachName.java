package mlxstack.cli;

import java.util.List;
import java.util.function.Function;
import mlxstack.api.View;
import mlxstack.reconcile.Command;
import org.jspecify.annotations.Nullable;

/** One command for each name: what was refused is said, and the others are done all the same. */
final class EachName {

    private EachName() {}

    interface After {
        /** Waits for it to be done; null, or why it is not. */
        @Nullable
        String problem(String name) throws InterruptedException;
    }

    static int run(Session session, List<String> words, String done, Function<String, Command> command, After after)
            throws InterruptedException {
        var names = Names.all(session, words);
        if (names.isLeft()) {
            return names.getLeft();
        }
        int code = 0;
        for (String name : names.get()) {
            var outcome = session.command(command.apply(name));
            var unit = session.state().unit(name);
            // A stop counts at once; only what would start something has to wait.
            boolean frozen = unit != null
                    && View.suspended(session.state(), unit)
                    && (done.equals("started") || done.equals("restarted"));
            if (outcome instanceof mlxstack.api.Outcome.Refused) {
                code = session.report(outcome, "");
            } else if (frozen) {
                session.output()
                        .err("warning: process/" + name + " is suspended; this takes effect with 'mlxstackctl resume'");
            } else {
                String problem = after.problem(name);
                if (problem == null) {
                    session.report(outcome, "process/" + name + " " + done);
                } else {
                    code = session.fail(problem);
                }
            }
        }
        return code;
    }
}
