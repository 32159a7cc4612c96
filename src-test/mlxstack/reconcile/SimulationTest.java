package mlxstack.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/**
 * Ten thousand seeded histories of the whole supervisor. More by {@code -Dmlxstack.sim.seeds=N}, others by {@code
 * -Dmlxstack.sim.from=N}, one alone by {@code -Dmlxstack.sim.seed=N}.
 */
class SimulationTest {

    @Test
    void everyHistoryKeepsItsPromises() {
        Long one = Long.getLong("mlxstack.sim.seed");
        long from = one != null ? one : Long.getLong("mlxstack.sim.from", 1);
        long count = one != null ? 1 : Long.getLong("mlxstack.sim.seeds", 10_000);
        long events = 0;
        for (long seed = from; seed < from + count; seed++) {
            SimWorld world = SimHistory.play(seed, Reconciler::step);
            assertThat(world.events).isGreaterThanOrEqualTo(300);
            events += world.events;
        }
        assertThat(events).isGreaterThanOrEqualTo(300 * count);
    }

    @Test
    void oneSeedIsOneHistory() {
        for (long seed = 1; seed <= 20; seed++) {
            assertThat(SimHistory.play(seed, Reconciler::step).history)
                    .isEqualTo(SimHistory.play(seed, Reconciler::step).history);
        }
    }
}
