package mlxstack.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The daemon dies, and comes back to what it left running. */
class AdoptionIT {

    private static final String[] FIVE = {"a", "b", "c", "d", "e"};

    private final ForkedRig rig = new ForkedRig();

    @AfterEach
    void end() {
        rig.close();
    }

    @Test
    @DisplayName(
            "A01 kill -9 with five Ready services: same pids, no restart counted, Ready again, five Adopted events")
    void a01SamePids() {
        rig.stack("""
                processes:
                  - {name: a, command: [sleep, "1000"]}
                  - {name: b, command: [sleep, "1000"], probes: {readiness: {exec: {command: ["true"]}, period: 100ms}}}
                  - {name: c, command: [sleep, "1000"], probes: {readiness: {exec: {command: ["true"]}, period: 100ms}}}
                  - {name: d, command: [sleep, "1000"], probes: {liveness: {exec: {command: ["true"]}, period: 100ms}}}
                  - {name: e, command: [sleep, "1000"], probes: {startup: {exec: {command: ["true"]}}}}
                gateway: {engine: none}
                """).start();
        rig.untilReady(FIVE);
        var pids = new java.util.HashMap<String, Long>();
        for (String name : FIVE) {
            pids.put(name, rig.pid(name));
        }
        rig.kill9();
        assertThat(pids.values()).allMatch(ForkedRig::isAlive);
        rig.start();
        rig.untilReady(FIVE);
        for (String name : FIVE) {
            assertThat(rig.pid(name)).isEqualTo(pids.get(name));
            assertThat(rig.restarts(name)).isZero();
            assertThat(rig.launch(name)).isEqualTo(1);
            assertThat(rig.leaders(name)).containsExactly(pids.get(name));
        }
        assertThat(rig.events("Adopted")).hasSize(5);
    }
}
