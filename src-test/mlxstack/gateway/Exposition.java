package mlxstack.gateway;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Prometheus' text format 0.0.4, read as strictly as {@code promtool check metrics} does: every family has its help and
 * its type before its samples, and they are together; no series comes twice; names of counters end in {@code _total};
 * buckets ascend, are cumulative and end with {@code +Inf}, which is the count.
 */
final class Exposition {

    private static final String NAME = "[a-zA-Z_:][a-zA-Z0-9_:]*";
    private static final Pattern COMMENT = Pattern.compile("# (HELP|TYPE) (" + NAME + ") (.+)");
    private static final Pattern SAMPLE = Pattern.compile("(" + NAME + ")(?:\\{(.*)})? (\\S+)");
    private static final Pattern LABEL =
            Pattern.compile("\\G([a-zA-Z_][a-zA-Z0-9_]*)=\"((?:[^\"\\\\\n]|\\\\[\\\\\"n])*)\"(,|$)");
    private static final String BUCKET = "_bucket";
    private static final String LE = "le";

    private final Map<String, Double> samples = new LinkedHashMap<>();
    private final Map<String, String> types = new LinkedHashMap<>();
    private final Set<String> helped = new HashSet<>();
    private final Set<String> over = new HashSet<>();
    /** Of the family at hand, by its series without {@code le}. */
    private final Map<String, List<double[]>> buckets = new LinkedHashMap<>();

    private String family = "";

    private Exposition() {}

    /** @throws AssertionError where it breaks a rule */
    static Exposition read(String text) {
        var read = new Exposition();
        require(text.endsWith("\n"), "no end of the last line", text);
        text.lines().forEach(read::line);
        read.close();
        return read;
    }

    private static void require(boolean holds, String rule, String line) {
        if (!holds) {
            throw new AssertionError(rule + ": " + line);
        }
    }

    private void line(String line) {
        if (line.startsWith("#")) {
            Matcher comment = COMMENT.matcher(line);
            require(comment.matches(), "neither HELP nor TYPE", line);
            comment(comment.group(1), comment.group(2), comment.group(3), line);
            return;
        }
        Matcher sample = SAMPLE.matcher(line);
        require(sample.matches(), "no sample", line);
        String name = sample.group(1);
        String type = types.getOrDefault(family, "");
        boolean part = type.equals("histogram")
                && List.of(family + BUCKET, family + "_sum", family + "_count").contains(name);
        require(part || (name.equals(family) && !type.equals("histogram")), "not of the family " + family, line);
        require(!type.equals("counter") || name.endsWith("_total"), "a counter that does not end in _total", line);
        var labels = labels(sample.group(2), line);
        double value = Double.parseDouble(sample.group(3).replace("Inf", "Infinity"));
        require(type.equals("gauge") || value >= 0, "a count below zero", line);
        require(samples.put(name + labels, value) == null, "twice", line);
        if (name.endsWith(BUCKET) && part) {
            String le = labels.getOrDefault(LE, "");
            require(!le.isEmpty(), "a bucket without le", line);
            labels.remove(LE);
            buckets.computeIfAbsent(labels.toString(), _ -> new ArrayList<>())
                    .add(new double[] {Double.parseDouble(le.replace("Inf", "Infinity")), value});
        }
    }

    private void comment(String kind, String name, String said, String line) {
        if (kind.equals("HELP")) {
            close();
            family = name;
            require(helped.add(name) && over.add(name), "a family that comes twice", line);
            return;
        }
        require(name.equals(family), "a TYPE without its HELP", line);
        require(List.of("counter", "gauge", "histogram").contains(said), "unknown type", line);
        require(types.put(name, said) == null, "two TYPEs", line);
    }

    private static Map<String, String> labels(String text, String line) {
        var labels = new TreeMap<String, String>();
        if (text != null && !text.isEmpty()) {
            Matcher label = LABEL.matcher(text);
            int end = 0;
            while (label.find()) {
                require(labels.put(label.group(1), label.group(2)) == null, "a label twice", line);
                end = label.end();
            }
            require(end == text.length(), "labels that are none", line);
        }
        return labels;
    }

    private void close() {
        buckets.forEach((labels, all) -> {
            double[] before = {Double.NEGATIVE_INFINITY, 0};
            for (double[] bucket : all) {
                require(bucket[0] > before[0] && bucket[1] >= before[1], "buckets out of order", family + labels);
                before = bucket;
            }
            require(
                    before[0] == Double.POSITIVE_INFINITY
                            && before[1] == samples.getOrDefault(family + "_count" + labels, -1.0),
                    "the last bucket is not the count",
                    family + labels);
        });
        buckets.clear();
    }

    /**
     * Of all series of a name that have certain labels, together; 0 without any.
     *
     * @param series the name, then labels as {@code name=value}
     */
    double value(String... series) {
        double sum = 0;
        for (var sample : samples.entrySet()) {
            String one = sample.getKey();
            if (one.startsWith(series[0] + "{") && hasAll(one.substring(series[0].length()), series)) {
                sum += sample.getValue();
            }
        }
        return sum;
    }

    private static boolean hasAll(String labels, String... series) {
        String inner = ", " + labels.substring(1, labels.length() - 1) + ", ";
        return Arrays.stream(series).skip(1).allMatch(label -> inner.contains(", " + label + ", "));
    }

    /** All that there are, bounds left out. */
    Set<String> series() {
        var series = new LinkedHashSet<String>();
        samples.keySet().forEach(one -> series.add(one.replaceAll("le=[^,}]*(, )?", "")));
        return series;
    }
}
