package mlxstack.upstream;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class BreakerTest {

    private static final long S = SECONDS.toNanos(1);

    private final Breaker breaker = new Breaker();
    /** Near the end of its range, as a clock of nanoseconds may be. */
    private long now = Long.MAX_VALUE - 3 * S;

    private void fail() {
        breaker.failed(breaker.begins(now), now);
    }

    private void opened() {
        for (int i = 0; i < Breaker.THRESHOLD; i++) {
            assertThat(breaker.open(now)).isFalse();
            fail();
        }
        assertThat(breaker.open(now)).isTrue();
    }

    @Test
    void opensAfterFailuresInARowAndASuccessBreaksTheRow() {
        fail();
        fail();
        breaker.succeeded(breaker.begins(now));
        opened();
    }

    @Test
    void halfOpenLetsOneProbeThroughAndItsSuccessCloses() {
        opened();
        now += S;
        assertThat(breaker.open(now)).isFalse();
        int probe = breaker.begins(now);
        assertThat(breaker.open(now)).as("one at a time").isTrue();
        breaker.succeeded(probe);
        assertThat(breaker.open(now)).isFalse();
        fail();
        assertThat(breaker.open(now)).as("counts from the beginning").isFalse();
    }

    @Test
    void aProbeThatFailsKeepsItOpenForTwiceAsLongUpToALimit() {
        opened();
        long open = S;
        for (int i = 0; i < 8; i++) {
            now += open;
            assertThat(breaker.open(now)).isFalse();
            fail();
            open = Math.min(Breaker.LONGEST_NANOS, open * 2);
            assertThat(breaker.open(now + open - 1)).isTrue();
        }
        assertThat(open).isEqualTo(Breaker.LONGEST_NANOS);
    }

    @Test
    void aProbeWhoseClientWentAwayIsFollowedByAnother() {
        opened();
        now += S;
        breaker.neutral(breaker.begins(now));
        assertThat(breaker.open(now)).isFalse();
    }

    @Test
    void attemptsOfBeforeItOpenedNeitherCloseItNorKeepItOpenLonger() {
        int early = breaker.begins(now);
        int alsoEarly = breaker.begins(now);
        opened();
        breaker.failed(early, now);
        breaker.succeeded(alsoEarly);
        breaker.neutral(early);
        assertThat(breaker.open(now + S - 1)).isTrue();
        assertThat(breaker.open(now + S)).isFalse();
    }

    @Test
    void whoeverKnowsBetterClosesIt() {
        opened();
        breaker.close();
        assertThat(breaker.open(now)).isFalse();
        opened();
    }

    @Test
    void aBackendThatAskedForItRestsUntilThenAndNotLonger() {
        assertThat(breaker.restSeconds(now)).isZero();
        breaker.rest(now, 5);
        breaker.rest(now, 2);
        assertThat(breaker.restSeconds(now)).isEqualTo(5);
        assertThat(breaker.restSeconds(now + 4 * S + 1)).isEqualTo(1);
        assertThat(breaker.restSeconds(now + 5 * S)).isZero();
    }
}
