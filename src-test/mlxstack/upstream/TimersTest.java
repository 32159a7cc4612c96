package mlxstack.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import mlxstack.spec.Timeouts;
import mlxstack.upstream.Fault.Kind;
import org.junit.jupiter.api.Test;

class TimersTest {

    private static final long S = 1_000_000_000;
    private static final Timeouts LIMITS =
            new Timeouts(Duration.ofSeconds(2), Duration.ofSeconds(10), Duration.ofSeconds(5), Duration.ofMinutes(1));

    private final Timers timers = new Timers(LIMITS, LIMITS.firstToken(), -3 * S);

    @Test
    void eachPartOfAnAttemptHasItsOwnLimit() {
        assertThat(timers.expired(-S - 1)).isNull();
        assertThat(timers.expired(-S)).isEqualTo(Kind.REFUSED);
        timers.connected(-2 * S);
        assertThat(timers.expired(8 * S - 1)).isNull();
        assertThat(timers.expired(8 * S)).isEqualTo(Kind.SILENT);
        timers.content(0);
        assertThat(timers.expired(5 * S - 1)).isNull();
        assertThat(timers.expired(5 * S)).isEqualTo(Kind.STALLED);
    }

    @Test
    void aSignOfProgressBeginsTheFirstTokensTimeAnewButNotTheOneBetweenContent() {
        timers.connected(0);
        timers.progress(9 * S);
        assertThat(timers.expired(18 * S)).isNull();
        timers.content(18 * S);
        timers.progress(22 * S);
        assertThat(timers.expired(23 * S)).isEqualTo(Kind.STALLED);
    }

    @Test
    void aClientThatDoesNotReadIsNotTheBackendsFault() {
        timers.connected(0);
        timers.content(0);
        timers.hold(true, 1 * S);
        assertThat(timers.expired(50 * S)).isNull();
        timers.hold(false, 50 * S);
        assertThat(timers.expired(54 * S)).isNull();
        assertThat(timers.expired(55 * S)).isEqualTo(Kind.STALLED);
    }

    @Test
    void theWholeHasALimitWhateverComes() {
        timers.connected(0);
        for (long second = 0; second < 57; second++) {
            timers.content(second * S);
            assertThat(timers.expired(second * S)).isNull();
        }
        timers.hold(true, 57 * S);
        assertThat(timers.expired(57 * S)).isEqualTo(Kind.OVERDUE);
        assertThat(timers.limit(Kind.OVERDUE)).isEqualTo(Duration.ofMinutes(1));
    }

    @Test
    void zeroIsNoLimit() {
        var none =
                new Timers(new Timeouts(Duration.ZERO, Duration.ZERO, Duration.ZERO, Duration.ZERO), Duration.ZERO, 0);
        assertThat(none.expired(1_000_000 * S)).isNull();
        none.connected(0);
        assertThat(none.expired(1_000_000 * S)).isNull();
        none.content(0);
        assertThat(none.expired(1_000_000 * S)).isNull();
    }

    @Test
    void aLongPromptIsGivenThreeTimesWhatOthersOfItsLengthTook() {
        var rate = new PromptRate();
        var limit = Duration.ofMinutes(2);
        assertThat(rate.allow(limit, 400_000)).as("nothing is known").isEqualTo(limit);
        rate.seen(100, 60 * S);
        assertThat(rate.allow(limit, 400_000)).as("short ones say nothing").isEqualTo(limit);
        rate.seen(40_000, 20 * S);
        assertThat(rate.allow(limit, 400_000)).isEqualTo(Duration.ofMinutes(10));
        assertThat(rate.allow(limit, 4_000)).isEqualTo(limit);
        assertThat(rate.allow(Duration.ZERO, 400_000)).isZero();
        assertThat(rate.allow(limit, 32 << 20)).isEqualTo(Duration.ofHours(1));
    }
}
