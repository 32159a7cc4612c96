package mlxstack.scoring;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.SequencedMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/**
 * What mlx-stack knew of chips and models, from {@code mlx-stack.yaml} beside this class. Orders are those of its files:
 * its estimates depend on them.
 *
 * @param bandwidth GB/s by chip, such as {@code m4-max}
 */
record MlxStackData(Map<String, Double> bandwidth, List<Entry> catalog, List<Row> overlay) {

    /**
     * @param prompt tokens a second
     * @param generation tokens a second
     * @param memory GB
     */
    record Figures(double prompt, double generation, double memory) {}

    /**
     * One of its 15 models.
     *
     * @param params billions
     * @param quality 0 to 100
     * @param memory GB, of int4
     * @param benchmarks by profile
     */
    record Entry(
            String id,
            double params,
            String architecture,
            boolean tools,
            boolean gated,
            double quality,
            double memory,
            SequencedMap<String, Figures> benchmarks) {}

    /**
     * One line of its benchmark table.
     *
     * @param repo the hub's name without {@code mlx-community/}
     * @param quality 0 to 1
     */
    record Row(String repo, double params, OptionalDouble quality, SequencedMap<String, Figures> benchmarks) {}

    /** Reads the file afresh. */
    static MlxStackData read() {
        try (InputStream in = Objects.requireNonNull(
                MlxStackData.class.getResourceAsStream("mlx-stack.yaml"), "packaged with this class")) {
            var root = new YAMLMapper().readTree(in);
            var bandwidth = new LinkedHashMap<String, Double>();
            root.path("bandwidth").forEachEntry((chip, value) -> bandwidth.put(chip, value.asDouble()));
            var catalog = new ArrayList<Entry>();
            root.path("catalog").forEach(node -> catalog.add(entry(node)));
            var overlay = new ArrayList<Row>();
            root.path("overlay").forEach(node -> overlay.add(row(node)));
            return new MlxStackData(bandwidth, List.copyOf(catalog), List.copyOf(overlay));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Entry entry(JsonNode node) {
        double memory = node.path("memory").asDouble();
        var benchmarks = new LinkedHashMap<String, Figures>();
        node.path("benchmarks")
                .forEachEntry((profile, pair) -> benchmarks.put(
                        profile, new Figures(pair.get(0).asDouble(), pair.get(1).asDouble(), memory)));
        return new Entry(
                node.path("id").asString(),
                node.path("params").asDouble(),
                node.path("architecture").asString(),
                node.path("tools").asBoolean(),
                node.path("gated").asBoolean(),
                node.path("quality").asDouble(),
                memory,
                benchmarks);
    }

    private static Row row(JsonNode node) {
        var benchmarks = new LinkedHashMap<String, Figures>();
        node.path("benchmarks")
                .forEachEntry((profile, of) -> benchmarks.put(
                        profile,
                        new Figures(
                                of.get(1).asDouble(),
                                of.get(0).asDouble(),
                                of.get(2).asDouble())));
        var quality = node.get("quality");
        return new Row(
                node.path("repo").asString(),
                node.path("params").asDouble(),
                quality == null ? OptionalDouble.empty() : OptionalDouble.of(quality.asDouble()),
                benchmarks);
    }

    /**
     * A machine as mlx-stack saw it.
     *
     * @param id such as {@code m4-max-128}
     * @param memory GiB, called GB
     * @param bandwidth GB/s
     */
    record Profile(String id, int memory, double bandwidth, boolean guessed) {}

    /** @param chip such as {@code m4-max}, or {@code Apple M4 Max} */
    Profile profile(String chip, int memory) {
        String key = chip.toLowerCase(Locale.ROOT).replaceFirst("^apple ", "").replace(' ', '-');
        String id = key + "-" + memory;
        Double known = bandwidth.get(key);
        return known != null ? new Profile(id, memory, known, false) : new Profile(id, memory, guess(memory), true);
    }

    private static double guess(int memory) {
        if (memory <= 8) {
            return 68;
        } else if (memory <= 16) {
            return 100;
        } else if (memory <= 32) {
            return 200;
        } else if (memory <= 64) {
            return 400;
        }
        return memory <= 128 ? 546 : 800;
    }
}
