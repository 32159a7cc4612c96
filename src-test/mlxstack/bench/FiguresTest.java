package mlxstack.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FiguresTest {

    private static final long MS = 1_000_000;

    @ParameterizedTest
    @CsvSource({
        "100, 100, PASS",
        "200, 100, PASS",
        "85, 100, PASS",
        "84.9, 100, WARN",
        "70, 100, WARN",
        "69.9, 100, FAIL",
        "0, 100, FAIL"
    })
    void fifteenPercentLessIsAPassAndThirtyAWarning(double measured, double expected, Verdict verdict) {
        assertThat(Verdict.of(measured, expected)).isEqualTo(verdict);
    }

    @Test
    void theFirstTokenBelongsToThePromptAndTheOthersToGeneration() {
        var sample = new Sample(1000, 0, 101, true, 500 * MS, 1500 * MS);

        assertThat(sample.prompt()).isCloseTo(2000, within(1e-9));
        assertThat(sample.generation()).isCloseTo(100, within(1e-9));
        assertThat(sample.firstMillis()).isCloseTo(500, within(1e-9));
    }

    @Test
    void anAnswerOfOneTokenHasNoSpeed() {
        assertThat(new Sample(10, 0, 1, true, 5 * MS, 5 * MS).generation()).isZero();
    }

    @Test
    void percentilesLieBetweenNeighboursAndTheDeviationIsTheSamples() {
        var spread = Spread.of(DoubleStream.of(4, 1, 3, 2));

        assertThat(spread.median()).isCloseTo(2.5, within(1e-9));
        assertThat(spread.p90()).isCloseTo(3.7, within(1e-9));
        assertThat(spread.mean()).isCloseTo(2.5, within(1e-9));
        assertThat(spread.deviation()).isCloseTo(1.2909944, within(1e-6));
        assertThat(Spread.of(DoubleStream.of(7)).deviation()).isZero();
        assertThat(Spread.of(DoubleStream.empty()).median()).isZero();
    }

    @Test
    void throughputIsOfAllClientsTogetherAndACacheIsNoticed() {
        var samples = List.of(
                new Sample(1000, 0, 50, true, 10 * MS, 1000 * MS), new Sample(1000, 900, 50, true, 10 * MS, 1000 * MS));

        var figures = Figures.of(2, samples, 2000 * MS, List.of("it broke", "it broke"));

        assertThat(figures.throughput()).isCloseTo(50, within(1e-9));
        assertThat(figures.cached()).isTrue();
        assertThat(figures.failures()).containsExactly("it broke");
        assertThat(Figures.of(1, samples.subList(0, 1), MS, List.of()).cached()).isFalse();
    }

    @Test
    void noTwoPromptsBeginAlike() {
        assertThat(Prompt.of(1024, 1)).isEqualTo(Prompt.of(1024, 1));
        assertThat(Prompt.of(1024, 1).substring(0, 10))
                .isNotEqualTo(Prompt.of(1024, 2).substring(0, 10));
        assertThat(Prompt.of(1024, 1).split(" ")).hasSizeBetween(1024, 1060);
    }
}
