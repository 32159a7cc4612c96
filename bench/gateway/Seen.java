import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** What the streams of one peer came to. */
final class Seen {

    private final List<Double> first = new ArrayList<>();
    private final List<Double> delays = new ArrayList<>();
    private long tokens;
    private int lost;
    private int merged;
    private int broken;

    void add(Client.Stream stream, boolean timed) {
        if (timed) {
            first.add(stream.first());
            Arrays.stream(stream.delays()).forEach(delays::add);
        }
        tokens += stream.delays().length;
        lost += stream.lost();
        merged += stream.merged();
        broken += stream.whole() ? 0 : 1;
    }

    @Override
    public String toString() {
        return "{\"first\":%s,\"delay\":%s,\"tokens\":%d,\"lost\":%d,\"merged\":%d,\"broken\":%d}"
                .formatted(spread(first), spread(delays), tokens, lost, merged, broken);
    }

    /** As a JSON object. */
    static String spread(List<Double> values) {
        double[] sorted = values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        return "{\"n\":%d,\"p50\":%.4f,\"q1\":%.4f,\"q3\":%.4f,\"p90\":%.4f,\"p99\":%.4f,\"max\":%.4f}"
                .formatted(sorted.length, at(sorted, 0.5), at(sorted, 0.25), at(sorted, 0.75), at(sorted, 0.9),
                        at(sorted, 0.99), at(sorted, 1));
    }

    private static double at(double[] sorted, double share) {
        return sorted.length == 0 ? -1 : sorted[Math.min(sorted.length - 1, (int) (sorted.length * share))];
    }
}
