package mlxstack.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.temporal.TemporalAmount;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import mlxstack.api.Plain;
import mlxstack.ledger.Books;
import mlxstack.ledger.Decided;
import mlxstack.ledger.Exchange;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

@Command(
        name = "decisions",
        header = "Show why each request went where it went",
        description = {
            "The gateway's latest requests, oldest first: who answered, what was tried before, and the reasons.",
            "What was said in them is not kept."
        },
        footer = {
            "mlxstackctl decisions",
            "mlxstackctl decisions --since 1h --limit 100",
            "# Every request that did not get the first backend it was meant for",
            "mlxstackctl decisions -o json | jq '.items[] | select(.attempts | length > 1)'"
        })
final class DecisionsVerb implements Action {

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss");
    private static final List<String> HEADINGS = List.of(
            "TIME",
            "KEY",
            "MODEL",
            "LEVEL",
            "BACKEND",
            "OUTCOME",
            "TOKENS-IN",
            "TOKENS-OUT",
            "QUEUED",
            "FIRST",
            "TOOK",
            "COST-USD",
            "WHY");

    @Option(names = "--limit", paramLabel = "N", description = "At most so many of the latest, 20 if not given")
    int limit = 20;

    @Option(
            names = "--since",
            paramLabel = "TIME",
            converter = PastOption.class,
            description = "Only those younger than this: 36h, 2d")
    @Nullable
    TemporalAmount since;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORMAT",
            description = "table (else) or json")
    String output = "table";

    @Override
    public int run(Session session) throws InterruptedException {
        if (!List.of("table", "json").contains(output)) {
            return session.fail("valid -o are: table, json; found \"" + output + "\"");
        }
        if (limit < 1) {
            return session.fail("--limit must be at least 1; found " + limit);
        }
        var zone = DescribeVerb.zone(session);
        Instant from = since == null
                ? Instant.EPOCH
                : PastOption.since(since, session.plane().now().wall(), zone);
        Path file = session.plane().daemon().root().resolve("ledger.db");
        List<Decided> decided;
        try (Books books = Books.open(file)) {
            decided = books == null ? List.of() : books.decisions(from, limit);
        } catch (IOException e) {
            return session.fail(String.valueOf(e.getMessage()));
        }
        if (output.equals("json")) {
            var document = JsonMapper.shared().createObjectNode();
            var items = document.putArray("items");
            decided.forEach(each -> items.add(node(each)));
            session.output().out(Printers.json(document));
        } else if (decided.isEmpty()) {
            session.output()
                    .err("No requests recorded" + (since == null ? " yet" : " since " + from)
                            + "; the gateway records them as they come");
        } else {
            session.output().out(TableText.of(Figures.right(rows(decided, zone), 6, 11)));
        }
        return 0;
    }

    private static List<List<String>> rows(List<Decided> decided, ZoneId zone) {
        var costs = Figures.money(
                decided.stream().<@Nullable Long>map(Decided::cost).toList());
        var rows = new ArrayList<List<String>>();
        rows.add(HEADINGS);
        for (int i = 0; i < decided.size(); i++) {
            var each = decided.get(i);
            String mark = each.source().equals("counted") || each.source().equals("reserved") ? "~" : "";
            rows.add(List.of(
                    TIME.format(each.time().atZone(zone)),
                    or(each.key()),
                    each.model().isEmpty() ? "-" : Plain.line(each.model()),
                    level(each),
                    or(each.backend()),
                    each.outcome() + (each.outcome().equals("ok") || each.status() == 0 ? "" : " " + each.status()),
                    mark + Figures.count(each.tokensIn()),
                    mark + Figures.count(each.tokensOut()),
                    Figures.millis(each.queueMs()),
                    Figures.millis(each.firstTokenMs()),
                    Figures.millis(each.durationMs()),
                    costs.get(i),
                    Plain.line(why(each))));
        }
        return rows;
    }

    private static String or(@Nullable String text) {
        return text == null ? "-" : Plain.line(text);
    }

    /** Of complexity, with the text's score and the floor that lifted it. */
    private static String level(Decided each) {
        if (each.level() == null) {
            return "-";
        }
        String score = each.score() == null ? "" : String.format(Locale.ROOT, " %.2f", each.score());
        return each.level() + score + (each.floor() == null ? "" : ", at least " + Plain.line(each.floor()));
    }

    /** The reasons, who else was passed over, then what failed before the last attempt, or with it. */
    private static String why(Decided each) {
        var parts = new ArrayList<String>();
        if (!each.reasons().isEmpty()) {
            parts.add(each.reasons());
        }
        var said = List.of(each.reasons().split(" ", -1));
        var others = each.rejected().stream()
                .filter(one -> !said.contains(one))
                .map(one -> "%s (%s)".formatted(backend(one), reason(one)))
                .toList();
        if (!others.isEmpty()) {
            parts.add("not " + String.join(", ", others));
        }
        for (Exchange.Attempt attempt : each.attempts()) {
            if (!attempt.outcome().equals("ok")) {
                String reason = attempt.reason() == null ? "" : " (" + attempt.reason() + ")";
                parts.add("%s: %s after %s%s"
                        .formatted(attempt.backend(), attempt.outcome(), Figures.millis(attempt.ms()), reason));
            }
        }
        return parts.isEmpty() ? "-" : String.join("; ", parts);
    }

    private static String reason(String rejected) {
        return rejected.substring(0, Math.max(0, rejected.indexOf(':')));
    }

    private static String backend(String rejected) {
        return rejected.substring(rejected.indexOf(':') + 1);
    }

    private static ObjectNode node(Decided each) {
        var node = JsonMapper.shared().createObjectNode();
        node.put("id", each.id())
                .put("time", each.time().toString())
                .put("key", each.key())
                .put("operation", each.operation())
                .put("model", each.model())
                .put("route", each.route())
                .put("level", each.level())
                .put("score", each.score())
                .put("floor", each.floor())
                .put("policy", each.policy());
        var reasons = node.putArray("reasons");
        for (String reason : each.reasons().split(" ", -1)) {
            if (!reason.isEmpty()) {
                reasons.add(reason);
            }
        }
        var candidates = node.putArray("candidates");
        each.candidates().forEach(candidates::add);
        var rejected = node.putArray("rejected");
        for (String one : each.rejected()) {
            rejected.addObject().put("backend", backend(one)).put("reason", reason(one));
        }
        node.put("backend", each.backend())
                .put("outcome", each.outcome())
                .put("status", each.status())
                .put("tokensSource", each.source())
                .put("tokensIn", each.tokensIn())
                .put("tokensOut", each.tokensOut())
                .put("queueMs", each.queueMs())
                .put("firstTokenMs", each.firstTokenMs())
                .put("durationMs", each.durationMs())
                .put("costUsd", Figures.dollars(each.cost()));
        var attempts = node.putArray("attempts");
        for (Exchange.Attempt attempt : each.attempts()) {
            attempts.addObject()
                    .put("backend", attempt.backend())
                    .put("outcome", attempt.outcome())
                    .put("reason", attempt.reason())
                    .put("ms", attempt.ms());
        }
        return node;
    }
}
