package mlxstack.cli;

import java.io.IOException;
import java.nio.file.Path;
import mlxstack.reconcile.Reconciler;
import mlxstack.store.Home;
import mlxstack.store.Replay;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
        name = "replay",
        header = "Run a journal again and show where this program would decide differently",
        description = {
            "A journal holds every event the daemon saw, with its time and what it led to. Nothing is started or stopped.",
            "Exits with 0 when every decision is the same, 1 at the first that differs."
        },
        footer = {"# All that this home remembers", "mlxstackctl replay", "mlxstackctl replay bad-night.jsonl"})
final class ReplayVerb implements Action {

    @Parameters(paramLabel = "FILE", arity = "0..1")
    @Nullable
    String file;

    @Override
    public int run(Session session) throws InterruptedException {
        Path journal = file == null ? new Home(session.plane().daemon().root()).journal() : session.resolve(file);
        Replay.Report report;
        try {
            report = Replay.replay(journal, Reconciler::step);
        } catch (IOException e) {
            return session.fail("cannot read the journal " + journal + ": " + e.getMessage());
        }
        for (String problem : report.problems()) {
            session.output().err("warning: " + problem);
        }
        var difference = report.difference();
        if (difference != null) {
            session.output().out(difference.message() + "\n");
        }
        session.line("%d events in %d segments replayed, %d effects compared%s: %s"
                .formatted(
                        report.events(),
                        report.segments(),
                        report.effects(),
                        report.lost() == 0 ? "" : ", " + report.lost() + " events lost",
                        difference == null ? "no difference" : "stopped at the first difference"));
        return report.identical() ? 0 : 1;
    }
}
