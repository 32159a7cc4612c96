package mlxstack.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Restarts and back-off with real processes; the curve at default values is in the simulation. */
class RestartIT {

    private final Rig rig = new Rig();

    @AfterEach
    void end() {
        rig.close();
    }

    @Test
    @DisplayName("R02 what exits 0 under Always is restarted on the same curve, and said to have completed")
    void r02CompletedIsRestarted() {
        rig.stack("""
                        processes:
                          - {name: brief, command: ["true"], restart: {backoff: {initial: 20ms, max: 40ms}}}
                        """).start();
        rig.until(() -> rig.restarts("brief") >= 5);
        assertThat(rig.status("brief").at("/last/terminated/exitCode").asInt(-1))
                .isZero();
        assertThat(rig.status("brief").at("/last/terminated/reason").asString(""))
                .isEqualTo("Completed");
        assertThat(rig.instances("brief").size()).isLessThanOrEqualTo(1);
    }

    @Test
    @DisplayName("R03 what exits 0 under OnFailure is over")
    void r03OnFailureIsOver() {
        rig.stack("""
                        processes:
                          - {name: once, command: ["true"], restart: {policy: OnFailure}}
                        """).start();
        rig.untilWord("once", "Completed");
        assertThat(rig.launch("once")).isEqualTo(1);
    }
}
