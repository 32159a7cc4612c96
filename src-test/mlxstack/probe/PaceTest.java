package mlxstack.probe;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import mlxstack.spec.Probe;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class PaceTest {

    private static final long MS = 1_000_000;

    private static Probe probe(long delay, long period) {
        return new Probe(
                new Probe.Handler.Tcp(null),
                Duration.ofMillis(delay),
                Duration.ofMillis(period),
                Duration.ofSeconds(1),
                1,
                3);
    }

    @Test
    void startupIsAskedEvery100MsAtFirstAndEverySecondInTheEnd() {
        var pace = new Pace(Probe.Kind.STARTUP, probe(0, 10_000));
        List<Long> gaps = new ArrayList<>();
        long at = 0;
        for (int i = 0; i < 8; i++) {
            long next = pace.next(at, at);
            gaps.add((next - at) / MS);
            at = next;
        }
        assertThat(gaps).startsWith(100L, 150L, 225L).endsWith(1000L, 1000L).isSorted();
    }

    @Test
    void aShorterPeriodIsNeverStretched() {
        var pace = new Pace(Probe.Kind.STARTUP, probe(0, 50));
        assertThat(pace.next(0, 0)).isEqualTo(50 * MS);
        assertThat(pace.next(0, 0)).isEqualTo(50 * MS);
    }

    @Test
    void othersKeepTheirBeatAndSkipThoseAnAttemptWasLongerThan() {
        var pace = new Pace(Probe.Kind.READINESS, probe(0, 1000));
        assertThat(pace.next(0, 3 * MS)).isEqualTo(1000 * MS);
        assertThat(pace.next(1000 * MS, 1999 * MS)).isEqualTo(2000 * MS);
        assertThat(pace.next(2000 * MS, 4500 * MS)).isEqualTo(5000 * MS);
    }

    @Test
    void theInitialDelayCountsFromTheLaunch() {
        assertThat(Pace.first(probe(500, 1000), 100 * MS, 0, false, 1)).isEqualTo(500 * MS);
        assertThat(Pace.first(probe(500, 1000), 900 * MS, 0, false, 1)).isEqualTo(900 * MS);
    }

    @Test
    @DisplayName("P06: 30 services taken over at once are asked all over the period")
    void p06TakenOverServicesAreSpread() {
        var tenths = IntStream.range(0, 30)
                .mapToLong(i -> Pace.first(probe(0, 10_000), 0, 0, true, i))
                .peek(first -> assertThat(first).isBetween(0L, 10_000 * MS))
                .map(first -> first / (1000 * MS))
                .boxed()
                .collect(java.util.stream.Collectors.groupingBy(t -> t, java.util.stream.Collectors.counting()));
        assertThat(tenths).hasSize(10);
        assertThat(tenths.values()).allMatch(n -> n >= 2 && n <= 4);
    }
}
