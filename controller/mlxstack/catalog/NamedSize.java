package mlxstack.catalog;

import java.util.Optional;
import java.util.regex.Pattern;
import mlxstack.catalog.CatalogModel.Parameters;

/** What the name of a model says of its weights. Pure. */
public final class NamedSize {

    private static final Pattern MIXTURE =
            Pattern.compile("(?i)(?<![\\w.])(\\d+(?:\\.\\d+)?)B-A(\\d+(?:\\.\\d+)?)B(?![\\w.])");
    private static final Pattern PLAIN = Pattern.compile("(?i)(?<![\\w.])(\\d+(?:\\.\\d+)?)([BM])(?![\\w.])");
    private static final Pattern EXPERTS = Pattern.compile("(?i)(?<![\\w.])(\\d+)x(\\d+(?:\\.\\d+)?)B(?![\\w.])");

    private NamedSize() {}

    /** Of {@code Qwen3-30B-A3B-4bit} 30 billion weights, of which 3 are active; empty when the name tells no number. */
    public static Optional<Parameters> of(String name) {
        var mixture = MIXTURE.matcher(name);
        if (mixture.find()) {
            return Optional.of(
                    new Parameters(Double.parseDouble(mixture.group(1)), Double.parseDouble(mixture.group(2))));
        }
        var experts = EXPERTS.matcher(name);
        if (experts.find()) {
            double each = Double.parseDouble(experts.group(2));
            // Two of them see each token, by custom.
            return Optional.of(new Parameters(Double.parseDouble(experts.group(1)) * each, 2 * each));
        }
        var plain = PLAIN.matcher(name);
        if (plain.find()) {
            double number = Double.parseDouble(plain.group(1));
            double billions = plain.group(2).equalsIgnoreCase("M") ? number / 1000 : number;
            return Optional.of(new Parameters(billions, billions));
        }
        return Optional.empty();
    }

    /** Bytes of that many weights in a quantisation. */
    public static long bytes(Parameters parameters, String quant) {
        return Math.round(parameters.total() * 1e9 * Quants.bitsPerWeight(quant) / 8);
    }
}
