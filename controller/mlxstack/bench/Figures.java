package mlxstack.bench;

import java.util.ArrayList;
import java.util.List;

/**
 * What a server did with one number of clients.
 *
 * @param generation tokens a second of one answer
 * @param prompt tokens a second of one prompt
 * @param first milliseconds to the first token
 * @param throughput tokens of all answers a second, all clients together
 * @param failures one line for each kind of failure
 */
public record Figures(
        int clients,
        int answers,
        int tokens,
        Spread generation,
        Spread prompt,
        Spread first,
        double throughput,
        boolean counted,
        boolean cached,
        List<String> failures) {

    /** Of a prompt; less is the chat template, which is the same every time. */
    private static final double CACHED = 0.2;

    public Figures {
        failures = List.copyOf(failures);
    }

    /** @param nanos from the first request sent to the last answer's end */
    static Figures of(int clients, List<Sample> answers, long nanos, List<String> broken) {
        var samples = answers.stream().filter(each -> each.tokens() > 0).toList();
        var failures = new ArrayList<>(broken);
        if (samples.size() < answers.size()) {
            failures.add("the model ended %d answers without a word".formatted(answers.size() - samples.size()));
        }
        int tokens = samples.stream().mapToInt(Sample::tokens).sum();
        return new Figures(
                clients,
                samples.size(),
                tokens,
                Spread.of(samples.stream().mapToDouble(Sample::generation).filter(each -> each > 0)),
                Spread.of(samples.stream().mapToDouble(Sample::prompt).filter(each -> each > 0)),
                Spread.of(samples.stream().mapToDouble(Sample::firstMillis)),
                nanos <= 0 ? 0 : tokens * 1e9 / nanos,
                samples.stream().allMatch(Sample::counted),
                samples.stream().anyMatch(each -> each.cachedTokens() > CACHED * each.promptTokens()),
                failures.stream().distinct().toList());
    }
}
