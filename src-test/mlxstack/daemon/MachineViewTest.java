package mlxstack.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import mlxstack.api.MachineInfo;
import mlxstack.hardware.Detector;
import mlxstack.hardware.Hardware;
import mlxstack.hardware.Load;
import mlxstack.hardware.Machines;
import org.junit.jupiter.api.Test;

class MachineViewTest {

    private static final Duration LONG = Duration.ofSeconds(30);

    private final CountDownLatch gate = new CountDownLatch(1);
    private final AtomicInteger looks = new AtomicInteger();

    /** Knows only after the gate has been opened. */
    private final Detector slow = new Detector() {
        @Override
        public Hardware hardware() {
            looks.incrementAndGet();
            try {
                assertThat(gate.await(30, TimeUnit.SECONDS)).isTrue();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            return Machines.named("m4-max-128").get();
        }

        @Override
        public Load load() {
            return new Load(7L, Load.Pressure.WARNING);
        }
    };

    @Test
    void nobodyWaitsWhoHasNoPatienceAndOneLookServesAll() {
        var view = new MachineView(() -> slow);
        assertThat(looks).hasValue(0);

        assertThat(view.info(Duration.ZERO)).isNull();
        assertThat(view.info(Duration.ZERO)).isNull();
        gate.countDown();
        var found = Objects.requireNonNull(view.info(LONG));

        assertThat(found.hardware()).isEqualTo("m4-max-128");
        assertThat(found.freeBytes()).isEqualTo(7);
        assertThat(found.pressure()).isEqualTo(MachineInfo.Pressure.WARNING);
        assertThat(view.info(Duration.ZERO)).isEqualTo(found);
        assertThat(looks).hasValue(1);
    }

    @Test
    void aLookThatFailsIsNoAnswerAndIsTriedAgain() {
        var tries = new AtomicInteger();
        gate.countDown();
        var view = new MachineView(() -> {
            if (tries.incrementAndGet() == 1) {
                throw new IllegalStateException("on purpose");
            }
            return slow;
        });

        assertThat(view.info(LONG)).isNull();
        assertThat(view.info(LONG)).isNotNull();
    }
}
