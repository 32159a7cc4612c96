package mlxstack.bench;

import java.util.Arrays;
import java.util.stream.DoubleStream;

/**
 * How figures are spread.
 *
 * @param deviation of the sample; 0 of a single figure
 */
public record Spread(double median, double p90, double p99, double mean, double deviation) {

    static Spread of(DoubleStream figures) {
        double[] sorted = figures.sorted().toArray();
        if (sorted.length == 0) {
            return new Spread(0, 0, 0, 0, 0);
        }
        double mean = Arrays.stream(sorted).average().orElse(0);
        double squares =
                Arrays.stream(sorted).map(each -> (each - mean) * (each - mean)).sum();
        return new Spread(
                at(sorted, 0.5),
                at(sorted, 0.9),
                at(sorted, 0.99),
                mean,
                sorted.length < 2 ? 0 : Math.sqrt(squares / (sorted.length - 1)));
    }

    /** Between the two neighbours, as far as it is from each. */
    private static double at(double[] sorted, double share) {
        double place = share * (sorted.length - 1);
        int below = (int) place;
        int above = Math.min(below + 1, sorted.length - 1);
        return sorted[below] + (sorted[above] - sorted[below]) * (place - below);
    }
}
