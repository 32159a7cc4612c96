package mlxstack.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import mlxstack.api.Ages;
import mlxstack.api.Kind;
import mlxstack.reconcile.Command;
import mlxstack.reconcile.Revision;
import mlxstack.spec.Workload;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The parts of {@code rollout} that look at earlier revisions. */
final class RolloutPast {

    private RolloutPast() {}

    @picocli.CommandLine.Command(
            name = "history",
            header = "List accepted revisions",
            description = "With a name, those that changed the definition of that process.",
            footer = {"mlxstackctl rollout history", "mlxstackctl rollout history primary --revision=6"})
    static final class History implements Action {

        @Parameters(paramLabel = "NAME", arity = "0..1")
        String name = "";

        @Option(names = "--revision", paramLabel = "N", description = "Show the definition as of this revision")
        @Nullable
        Long revision;

        @Override
        public int run(Session session) throws InterruptedException {
            String plain = name.substring(name.indexOf('/') + 1);
            var revisions = session.plane().revisions();
            if (revision != null) {
                return definition(session, revisions, plain, revision);
            }
            var rows = new ArrayList<List<String>>();
            rows.add(List.of("REVISION", "ACCEPTED", "DIGEST", "COMMIT", "FILE"));
            Workload before = null;
            boolean known = false;
            for (Revision r : revisions) {
                Workload workload = workload(r, plain);
                known |= workload != null;
                if (plain.isEmpty() || changed(before, workload)) {
                    rows.add(List.of(
                            Long.toString(r.number()),
                            Ages.since(r.at(), session.plane().now().wall()),
                            r.shortDigest(),
                            Objects.requireNonNullElse(r.shortCommit(), "<none>"),
                            r.path()));
                }
                before = workload;
            }
            if (!plain.isEmpty() && !known) {
                return session.notFound(
                        Kind.PROCESS, plain, session.state().units().keySet().toJavaStream());
            }
            session.output().out(TableText.of(rows));
            return 0;
        }

        private static int definition(Session session, List<Revision> revisions, String name, long number)
                throws InterruptedException {
            for (Revision r : revisions) {
                Workload workload = r.number() == number ? workload(r, name) : null;
                if (workload != null) {
                    session.output().out(Printers.yaml(mlxstack.api.SpecJson.of(workload)));
                    return 0;
                }
            }
            return session.fail("unable to find revision %d of process \"%s\"".formatted(number, name));
        }

        private static boolean changed(@Nullable Workload before, @Nullable Workload after) {
            if (before == null || after == null) {
                return (before == null) != (after == null);
            }
            return !before.templateHash().equals(after.templateHash());
        }
    }

    @picocli.CommandLine.Command(
            name = "undo",
            header = "Run an earlier definition",
            description = {
                "Pins a process to how it was defined before, over the stack file, until the file changes it.",
                "--to-file ends the pin."
            },
            footer = {
                "mlxstackctl rollout undo primary",
                "mlxstackctl rollout undo primary --to-revision=6",
                "mlxstackctl rollout undo primary --to-file"
            })
    static final class Undo implements Action {

        @Parameters(paramLabel = "NAME", arity = "1")
        String word = "";

        @Option(names = "--to-revision", paramLabel = "N", description = "This revision; 0 (default) is the one before")
        long to;

        @Option(names = "--to-file", description = "Back to what the stack file says")
        boolean toFile;

        @Override
        public int run(Session session) throws InterruptedException {
            var resolved = Names.one(session, word);
            if (resolved.isLeft()) {
                return resolved.getLeft();
            }
            String name = resolved.get();
            if (toFile) {
                return session.report(
                        session.command(new Command.Unpin(name, session.user())), "process/" + name + " unpinned");
            }
            var found = find(session, name);
            if (found == null) {
                return session.fail(
                        to == 0
                                ? "no earlier definition of process \"" + name + "\" found"
                                : "unable to find specified revision %d of process \"%s\" in history"
                                        .formatted(to, name));
            }
            Workload workload = workload(found, name);
            if (workload == null) {
                return session.fail("revision %d has no process \"%s\"".formatted(found.number(), name));
            }
            var pin = new Command.Pin(name, workload, Long.toString(found.number()), session.user());
            return session.report(
                    session.command(pin), "process/%s rolled back to revision %d".formatted(name, found.number()));
        }

        /** The latest revision in which it differs from what is wanted now. */
        private @Nullable Revision find(Session session, String name) {
            var unit = session.state().unit(name);
            for (Revision r : session.plane().revisions().reversed()) {
                Workload workload = workload(r, name);
                boolean other = workload != null
                        && unit != null
                        && !workload.templateHash().equals(unit.spec().templateHash());
                if (to == 0 ? other : r.number() == to) {
                    return r;
                }
            }
            return null;
        }
    }

    private static @Nullable Workload workload(Revision revision, String name) {
        return revision.stack().workloads().stream()
                .filter(w -> w.name().equals(name))
                .findFirst()
                .orElse(null);
    }
}
