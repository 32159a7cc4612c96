package mlxstack.cli;

import java.io.IOException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import mlxstack.api.LabelSelector;
import mlxstack.api.LogSource;
import mlxstack.api.Meta;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "logs",
        header = "Print what processes wrote",
        description = {
            "Standard output and standard error, as written. With -f it goes on across rotations and restarts.",
            "Reads across rotation; 'tail' on the file itself does not."
        },
        footer = {
            "mlxstackctl logs primary --tail 20",
            "mlxstackctl logs -f primary gateway --prefix",
            "# What the run before the crash said",
            "mlxstackctl logs -p web-ui"
        })
final class LogsVerb implements Action {

    @Parameters(paramLabel = "NAME", arity = "0..*")
    List<String> words = List.of();

    @Option(
            names = {"-f", "--follow"},
            description = "Go on with what is written next")
    boolean follow;

    @Option(
            names = {"-p", "--previous"},
            description = "The run before the current one")
    boolean previous;

    @Option(names = "--tail", paramLabel = "LINES", description = "Only so many of the last lines; -1 is all")
    @Nullable
    Long tail;

    @Option(
            names = "--since",
            paramLabel = "TIME",
            converter = TimeOption.class,
            description = "Only lines younger than this, as in 5m")
    @Nullable
    Duration since;

    @Option(names = "--since-time", paramLabel = "RFC3339", description = "Only lines written after this")
    String sinceTime = "";

    @Option(names = "--timestamps", description = "Begin each line with its time")
    boolean timestamps;

    @Option(names = "--prefix", description = "Begin each line with its process' name")
    boolean prefix;

    @Option(names = "--limit-bytes", paramLabel = "BYTES", description = "Stop after so many bytes of a log")
    long limit = Long.MAX_VALUE;

    @Option(
            names = {"-l", "--selector"},
            paramLabel = "LABELS",
            description = "The processes with these labels; ten lines each unless --tail says otherwise")
    String selector = "";

    @Option(
            names = "--max-log-requests",
            paramLabel = "N",
            description = "How many logs may be followed at once (default 5)")
    int most = 5;

    @Override
    public int run(Session session) throws InterruptedException {
        var names = names(session);
        if (names == null) {
            return 1;
        }
        if (since != null && !sinceTime.isEmpty()) {
            return session.fail("only one of --since-time / --since may be used");
        }
        Instant from;
        try {
            from = since != null
                    ? session.plane().now().wall().minus(since)
                    : sinceTime.isEmpty()
                            ? null
                            : OffsetDateTime.parse(sinceTime).toInstant();
        } catch (DateTimeException e) {
            return session.fail(
                    "--since-time must be a time such as 2026-03-14T09:26:53Z, found \"" + sinceTime + "\"");
        }
        if (follow && names.size() > most) {
            return session.fail(
                    "you are attempting to follow %d log streams, but maximum allowed concurrency is %d, use --max-log-requests to increase the limit"
                            .formatted(names.size(), most));
        }
        Long lines = tail == null && !selector.isEmpty() ? Long.valueOf(10) : tail;
        Long last = lines == null || lines < 0 ? null : lines;
        int code = 0;
        var readers = new ArrayList<LogStreams.Named>();
        try {
            for (String name : names) {
                var opened = session.plane()
                        .logs()
                        .open(new LogSource.Query(name, previous, follow, last, from, timestamps));
                if (opened.isLeft()) {
                    code = session.refuse("BadRequest", opened.getLeft());
                } else {
                    readers.add(new LogStreams.Named(name, opened.get()));
                }
            }
            print(session, readers);
        } catch (IOException e) {
            code = session.fail("cannot read the log: " + e.getMessage());
        } finally {
            readers.forEach(LogStreams.Named::close);
        }
        return code;
    }

    private @Nullable List<String> names(Session session) {
        if (selector.isEmpty() && words.isEmpty()) {
            session.fail("expected a process' name or -l LABELS");
            return null;
        }
        if (selector.isEmpty()) {
            return Names.all(session, words).getOrNull();
        }
        var labels = LabelSelector.parse(selector);
        if (labels.isLeft()) {
            session.fail(labels.getLeft());
            return null;
        }
        return session.items(mlxstack.api.Kind.PROCESS).stream()
                .filter(i -> labels.get().matches(Meta.labels(i)))
                .map(i -> i.name())
                .toList();
    }

    private void print(Session session, List<LogStreams.Named> sources) throws IOException, InterruptedException {
        boolean together = follow && sources.size() > 1;
        if (together) {
            LogStreams.together(session, sources, name -> printer(session, name, true));
            return;
        }
        for (var source : sources) {
            var printer = printer(session, source.name(), prefix);
            for (byte[] bytes = source.reader().next();
                    bytes != null && printer.print(bytes);
                    bytes = source.reader().next()) {
                if (follow) {
                    session.output().flush();
                }
            }
            printer.end();
        }
    }

    private LogPrinter printer(Session session, String name, boolean wholeLines) {
        String start = prefix ? session.style().dim("[" + name + "]") + " " : "";
        return new LogPrinter(session.output(), start, wholeLines, limit);
    }
}
