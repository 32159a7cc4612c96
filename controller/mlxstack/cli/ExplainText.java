package mlxstack.cli;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import mlxstack.api.Plain;
import mlxstack.route.Ask;
import mlxstack.route.Decision;
import mlxstack.route.Explanation;
import mlxstack.route.Grade;
import mlxstack.route.Hop;
import mlxstack.route.Mismatch;
import mlxstack.spec.ClientKey;
import mlxstack.spec.Durations;
import org.jspecify.annotations.Nullable;

/** What would become of a request, for people. Stateless. */
final class ExplainText {

    private ExplainText() {}

    static String of(Explanation explanation, @Nullable ClientKey owner, Style style) {
        var out = new StringBuilder();
        request(explanation.ask(), owner, out);
        rules(explanation, out);
        switch (explanation.decision()) {
            case Decision.To to -> hops(to, out);
            case Decision.Refused(var error, var _, var _) ->
                out.append('\n')
                        .append(style.red("refused: "))
                        .append(error.status())
                        .append(' ')
                        .append(Plain.line(error.message()))
                        .append(error.retryAfter() > 0 ? " (Retry-After: %d)".formatted(error.retryAfter()) : "")
                        .append('\n');
        }
        var reasons = explanation.decision().reasons();
        if (!reasons.isEmpty()) {
            out.append("reasons: ").append(String.join(", ", reasons)).append('\n');
        }
        return out.toString();
    }

    private static void request(Ask ask, @Nullable ClientKey owner, StringBuilder out) {
        if (!ask.context().isEmpty()) {
            var known = owner == null ? Map.<String, String>of() : owner.context();
            out.append("context: ")
                    .append(new TreeMap<>(ask.context())
                            .entrySet().stream()
                                    .map(one -> one.getKey() + "=" + one.getValue()
                                            + (known.containsKey(one.getKey()) ? " (the key's)" : ""))
                                    .collect(Collectors.joining(", ")))
                    .append("\n\n");
        }
    }

    private static void rules(Explanation explanation, StringBuilder out) {
        var rows = new ArrayList<List<String>>();
        rows.add(List.of("ROUTE", "MATCHES", "WHY"));
        for (Explanation.Rule rule : explanation.rules()) {
            String why = rule.unmet().stream().map(Mismatch::text).collect(Collectors.joining("; "));
            if (rule.matches()) {
                why = rule.open() ? "it asks for nothing" : "all that it asks for holds";
            }
            rows.add(
                    rule.reached()
                            ? List.of(rule.name(), rule.matches() ? "yes" : "no", why)
                            : List.of(rule.name(), "-", "a route before it matched"));
        }
        var grade = explanation.grade();
        if (grade != null) {
            rows.add(List.of("(complexity)", grade.level(), why(grade, explanation.floor())));
        } else if (explanation.rules().stream().noneMatch(Explanation.Rule::matches)) {
            var ask = explanation.ask();
            boolean classed = ask.model().isEmpty();
            rows.add(List.of(classed ? "(class)" : "(name)", "-", "no route matches: whoever is called so answers"));
        }
        TableText.of(rows)
                .lines()
                .forEach(line -> out.append(line.stripTrailing()).append('\n'));
    }

    private static String why(Grade grade, @Nullable String floor) {
        var score = grade.score();
        return String.join(", ", grade.signals())
                + (score == null ? "" : " (score %.3f)".formatted(score))
                + (floor == null ? "" : "; at least " + floor);
    }

    private static void hops(Decision.To to, StringBuilder out) {
        var rows = new ArrayList<List<String>>();
        rows.add(List.of("BACKEND", "STATE", "FIRST TOKEN", "IDLE", "TOTAL", "MAX TOKENS", "FULL QUEUE SPILLS TO"));
        for (Hop hop : to.hops()) {
            var timeouts = hop.timeouts();
            Integer most = hop.maxTokens();
            rows.add(List.of(
                    hop.backend().id(),
                    hop.backend().availability().word(),
                    time(timeouts.firstToken()),
                    time(timeouts.idle()),
                    time(timeouts.total()),
                    most == null ? "-" : most.toString(),
                    hop.spillQueueFull() ? "any" : "endpoints"));
        }
        out.append('\n').append(TableText.of(rows));
    }

    private static String time(Duration limit) {
        return limit.isZero() ? "-" : Durations.render(limit);
    }
}
