package mlxstack.cli;

import io.vavr.control.Either;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import mlxstack.api.Bytes;
import mlxstack.bench.Benchmarks;
import mlxstack.bench.Spread;
import mlxstack.bench.Verdict;
import mlxstack.catalog.Figure;
import mlxstack.hardware.Hardware;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a measuring has shown.
 *
 * @param figures the first is of the least number of clients
 * @param memory of the server at its most, bytes; null if it could not be seen
 * @param tools the place that was asked for, or what went wrong; null if tools were not tried
 * @param expected what others measured on such a machine; null if nobody did
 */
record BenchReport(
        String name,
        BenchSubject subject,
        Hardware hardware,
        List<mlxstack.bench.Figures> figures,
        @Nullable Long memory,
        @Nullable Either<String, String> tools,
        @Nullable Figure expected) {

    /** The worst of all that was compared; null when there is nothing to compare with. */
    @Nullable
    Verdict verdict() {
        Verdict worst = null;
        for (var line : comparisons()) {
            worst = worst == null || line.verdict().compareTo(worst) > 0 ? line.verdict() : worst;
        }
        return worst;
    }

    record Comparison(String what, double measured, double expected, Verdict verdict) {}

    List<Comparison> comparisons() {
        var lines = new ArrayList<Comparison>();
        var one = figures.getFirst();
        if (expected == null || one.clients() != 1 || one.answers() == 0) {
            return lines;
        }
        lines.add(compared("generation", one.generation().median(), expected.generation()));
        // mlx-stack's own prompt speeds are several times too low: nothing would ever fail by them.
        Double prompt = expected.origin() == Figure.Origin.MLX_STACK ? null : expected.prompt();
        if (prompt != null) {
            lines.add(compared("prompt", one.prompt().median(), prompt));
        }
        return lines;
    }

    private static Comparison compared(String what, double measured, double expected) {
        return new Comparison(what, measured, expected, Verdict.of(measured, expected));
    }

    String text(Style style) {
        var out = new StringBuilder();
        out.append(style.bold(name)).append("  ").append(subject.repo());
        out.append(subject.quant().isEmpty() ? "" : "  " + subject.quant());
        out.append("  ").append(subject.engine().yamlName()).append('\n');
        out.append(style.dim(hardware.id() + ": " + hardware.summary())).append("\n\n");
        out.append(TableText.of(mlxstack.cli.Figures.right(rows(), 0, 6)));
        notes(out);
        out.append('\n');
        out.append("memory     ")
                .append(memory == null ? "not seen" : Bytes.text(memory) + " at the most")
                .append('\n');
        if (tools != null) {
            out.append("tools      ")
                    .append(tools.<String>fold(
                            wrong -> style.red("FAIL") + "  " + wrong,
                            place -> style.green("PASS") + "  called get_weather(location: " + place + ")"))
                    .append('\n');
        }
        for (var line : comparisons()) {
            out.append(String.format(Locale.ROOT, "%-10s ", line.what()))
                    .append(painted(style, line.verdict()))
                    .append(String.format(
                            Locale.ROOT,
                            "  %.1f of %.1f tokens/s on such a machine (%s)%n",
                            line.measured(),
                            line.expected(),
                            expected == null ? "" : expected.origin().text()));
        }
        return out.toString();
    }

    private static String painted(Style style, Verdict verdict) {
        return switch (verdict) {
            case PASS -> style.green("PASS");
            case WARN -> style.yellow("WARN");
            case FAIL -> style.red("FAIL");
        };
    }

    private List<List<String>> rows() {
        var rows = new ArrayList<List<String>>();
        rows.add(List.of("CLIENTS", "ANSWERS", "TOKENS/S", "PROMPT/S", "FIRST-P50", "FIRST-P90", "TOTAL/S"));
        for (var each : figures) {
            rows.add(List.of(
                    String.valueOf(each.clients()),
                    String.valueOf(each.answers()),
                    speed(each.generation()),
                    speed(each.prompt()),
                    mlxstack.cli.Figures.millis(Math.round(each.first().median())),
                    mlxstack.cli.Figures.millis(Math.round(each.first().p90())),
                    number(each.throughput())));
        }
        return rows;
    }

    private void notes(StringBuilder out) {
        for (var each : figures) {
            each.failures().forEach(line -> out.append("failed: ").append(line).append('\n'));
        }
        if (figures.stream().anyMatch(each -> each.answers() > 0 && !each.counted())) {
            out.append("note: the server reports no usage; pieces of text were counted, and prompts not\n");
        }
        if (figures.stream().anyMatch(mlxstack.bench.Figures::cached)) {
            out.append("note: the server took part of the prompts from its cache; their speed says little\n");
        }
    }

    private static String speed(Spread spread) {
        if (spread.median() == 0) {
            return "-";
        }
        return number(spread.median())
                + (spread.deviation() == 0 ? "" : String.format(Locale.ROOT, " ±%.1f", spread.deviation()));
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%,.1f", value);
    }

    /** As it is kept; of one client. */
    Benchmarks.Measured measured(Instant at) {
        var one = figures.getFirst();
        return new Benchmarks.Measured(
                subject.repo(),
                subject.quant(),
                subject.engine().yamlName(),
                one.generation().median(),
                one.prompt().median() > 0 && !one.cached()
                        ? (Double) one.prompt().median()
                        : null,
                memory,
                tools == null ? null : (Boolean) tools.isRight(),
                at);
    }

    ObjectNode json() {
        var root = JsonMapper.shared().createObjectNode();
        root.put("apiVersion", "mlxstack.dev/v1").put("kind", "Measurement").put("name", name);
        root.put("hardware", hardware.id())
                .put("repo", subject.repo())
                .put("quant", subject.quant())
                .put("engine", subject.engine().yamlName());
        var all = root.putArray("figures");
        for (var each : figures) {
            var node = all.addObject().put("clients", each.clients()).put("answers", each.answers());
            node.put("tokens", each.tokens()).put("tokensPerSecond", each.throughput());
            node.put("tokensCounted", each.counted()).put("promptsCached", each.cached());
            spread(node.putObject("generation"), each.generation());
            spread(node.putObject("prompt"), each.prompt());
            spread(node.putObject("firstTokenMs"), each.first());
            var failures = node.putArray("failures");
            each.failures().forEach(failures::add);
        }
        if (memory != null) {
            root.put("memoryBytes", memory);
        }
        if (tools != null) {
            root.putObject("tools").put("ok", tools.isRight()).put("message", tools.<String>fold(w -> w, p -> p));
        }
        var compared = root.putArray("comparisons");
        comparisons()
                .forEach(line -> compared.addObject()
                        .put("what", line.what())
                        .put("measured", line.measured())
                        .put("expected", line.expected())
                        .put("verdict", line.verdict().name()));
        return root;
    }

    private static void spread(ObjectNode node, Spread spread) {
        node.put("median", spread.median())
                .put("p90", spread.p90())
                .put("p99", spread.p99())
                .put("mean", spread.mean())
                .put("deviation", spread.deviation());
    }
}
