package mlxstack.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import mlxstack.scoring.MlxStackMode.Line;
import mlxstack.scoring.MlxStackMode.Result;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** What mlx-stack would recommend, for people and for programs. Stateless. */
final class MlxStackText {

    private static final int FIRST = 10;

    private MlxStackText() {}

    static String of(Result result, String intent, boolean all) {
        var out = new StringBuilder();
        out.append(new Blocks()
                .put(
                        "Machine",
                        "%s, %s GB/s, as mlx-stack sees it".formatted(result.machine(), plain(result.bandwidth())))
                .put("Intent", intent)
                .put("Budget", gb(result.budget()) + " for each model by itself"));
        out.append("\nTiers\n");
        var tiers = new ArrayList<List<String>>();
        result.tiers().forEach((tier, model) -> tiers.add(List.of("  " + tier, model)));
        out.append(Compact.table(tiers)).append("\nRanked\n");
        var rows = new ArrayList<List<String>>();
        rows.add(List.of("  MODEL", "SCORE", "SPEED", "QUALITY", "TOOLS", "MEMORY", "TOKENS/S", "GB", "SOURCE"));
        result.ranked().stream().limit(all ? Long.MAX_VALUE : FIRST).forEach(line -> rows.add(row(result, line)));
        out.append(Compact.table(Figures.right(rows, 1, 7)));
        int more = result.ranked().size() - rows.size() + 1;
        return out.append(more > 0 ? "  and %d more: --show-all\n".formatted(more) : "")
                .toString();
    }

    private static List<String> row(Result result, Line line) {
        boolean chosen = result.tiers().containsValue(line.model());
        return List.of(
                (chosen ? "* " : "  ") + line.model(),
                number(line.composite(), 4),
                number(line.speed(), 3),
                number(line.quality(), 2),
                number(line.tools(), 0),
                number(line.left(), 3),
                (line.source().equals("estimate") ? "~" : "") + number(line.generation(), 0),
                number(line.memory(), 1),
                line.source());
    }

    static ObjectNode json(Result result, String intent) {
        var root = JsonMapper.shared().createObjectNode();
        root.put("scoring", "mlx-stack").put("machine", result.machine()).put("bandwidth", result.bandwidth());
        root.put("intent", intent).put("budgetGb", result.budget());
        var tiers = root.putObject("tiers");
        result.tiers().forEach(tiers::put);
        var ranked = root.putArray("ranked");
        result.ranked()
                .forEach(line -> ranked.addObject()
                        .put("model", line.model())
                        .put("score", line.composite())
                        .put("speed", line.speed())
                        .put("quality", line.quality())
                        .put("tools", line.tools())
                        .put("memory", line.left())
                        .put("generation", line.generation())
                        .put("memoryGb", line.memory())
                        .put("basis", line.source()));
        return root;
    }

    /** {@code 51.2 GB} */
    static String gb(double gb) {
        return plain(Math.round(gb * 100) / 100.0) + " GB";
    }

    private static String plain(double value) {
        return value % 1 == 0 ? number(value, 0) : String.valueOf(value);
    }

    private static String number(double value, int decimals) {
        return String.format(Locale.ROOT, "%." + decimals + "f", value);
    }
}
