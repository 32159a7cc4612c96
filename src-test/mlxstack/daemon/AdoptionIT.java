package mlxstack.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Map;
import mlxstack.process.Look;
import mlxstack.process.Platform;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The daemon is killed, and another comes back to what it left running, or to what has become of it. */
class AdoptionIT {

    private static final String[] FIVE = {"a", "b", "c", "d", "e"};
    private static final String SLEEPERS = """
            processes:
              - {name: a, command: [sleep, "1000"]}
              - {name: b, command: [sleep, "1000"]}
              - {name: c, command: [sleep, "1000"]}
            gateway: {engine: none}
            """;

    private final ForkedRig rig = new ForkedRig();
    private final Gate gate = new Gate(rig.dir.resolve("gate"));

    @AfterEach
    void end() {
        rig.close();
    }

    private Map<String, Long> pids(String... names) {
        var pids = new HashMap<String, Long>();
        for (String name : names) {
            pids.put(name, rig.pid(name));
        }
        return pids;
    }

    private void one(String command) {
        rig.stack("""
                processes: [{name: a, command: %s, restart: {backoff: {initial: 20ms}}, flapping: {restarts: 0}}]
                gateway: {engine: none}
                """.formatted(command));
    }

    private JsonNode last(String name) {
        return rig.status(name).at("/last/terminated");
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
        var pids = pids(FIVE);
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

    @Test
    @DisplayName("A02 what ended while the daemon was down is restarted once; its exit code is the true one or unknown")
    void a02EndedMeanwhile() {
        one(gate.endsWith(7));
        rig.start().untilReady("a");
        long pid = rig.pid("a");
        rig.kill9();
        gate.open();
        rig.until(() -> !ForkedRig.isAlive(pid));
        rig.start();
        rig.until(() -> rig.launch("a") == 2 && rig.isReady("a"));
        assertThat(last("a").path("exitCode").asString("")).isIn("7", "unknown");
        assertThat(last("a").path("launch").asLong(0)).isEqualTo(1);
        assertThat(rig.restarts("a")).isEqualTo(1);
        assertThat(rig.leaders("a")).hasSize(1);
    }

    @Test
    @DisplayName("A03 the end of what was adopted is noticed within a second; its exit code is the true one or unknown")
    void a03EndsAfterAdoption() throws IOException {
        one(gate.endsWith(7));
        rig.start().untilReady("a");
        var delays = new ArrayList<Duration>();
        // The machine may be busy with other things at one death, and not at each.
        for (long launch = 1; launch <= 3; launch++) {
            long pid = rig.pid("a");
            rig.restart().untilReady("a");
            assertThat(rig.pid("a")).isEqualTo(pid);
            Instant before = Instant.now();
            gate.open();
            long next = launch + 1;
            rig.until(() -> rig.launch("a") == next && rig.isReady("a"));
            assertThat(last("a").path("exitCode").asString("")).isIn("7", "unknown");
            assertThat(rig.restarts("a")).isEqualTo((int) launch);
            delays.add(Duration.between(
                    before, Instant.parse(last("a").path("finishedAt").asString(""))));
        }
        assertThat(delays).anyMatch(d -> d.compareTo(Duration.ofSeconds(1)) < 0);
    }

    /** What the recorded process was is gone, and its number was given to a stranger. */
    private Process stranger(String name, boolean sameStart, String bootId) throws IOException {
        long pid = rig.pid(name);
        rig.kill9();
        ForkedRig.kill(pid, "KILL");
        rig.until(() -> !ForkedRig.isAlive(pid));
        var stranger = new ProcessBuilder("setsid", "sleep", "1000").start();
        rig.until(() -> Carrier.stat(java.nio.file.Path.of("/proc/" + stranger.pid()), 3) == stranger.pid());
        var row = ((Look.Seen) Platform.current().look(stranger.pid())).row();
        new Notes(rig.home).change(name, record -> {
            var identity = (ObjectNode) record.path("identity");
            identity.put("pid", stranger.pid());
            identity.put("bootId", bootId);
            if (sameStart) {
                identity.put("start", row.start());
            }
            record.put("bootId", bootId);
        });
        return stranger;
    }

    @Test
    @DisplayName("A04 the recorded pid belongs to another program: never signalled; unknown, and started anew")
    void a04PidOfAnother() throws Exception {
        rig.stack(SLEEPERS).start().untilReady("a", "b", "c");
        var stranger = stranger("a", false, Platform.current().bootId());
        try {
            rig.start();
            rig.until(() -> rig.launch("a") == 2 && rig.isReady("a"));
            assertThat(last("a").path("exitCode").asString("")).isEqualTo("unknown");
            assertThat(rig.events("AdoptionRefused")).singleElement().asString().contains("" + stranger.pid());
            rig.ok("restart", "a");
            rig.until(() -> rig.launch("a") == 3 && rig.isReady("a"));
            rig.ok("stop", "a");
            assertThat(stranger.isAlive()).isTrue();
            assertThat(rig.events("Adopted")).hasSize(2);
        } finally {
            stranger.destroyForcibly().waitFor();
        }
    }

    @Test
    @DisplayName("A05 after a reboot nothing is adopted and nothing killed, whatever the state files say")
    void a05Reboot() throws Exception {
        one("[sleep, \"1000\"]");
        rig.start().untilReady("a");
        var stranger = stranger("a", true, "0b7c5a30-another-boot");
        try {
            rig.start();
            rig.until(() -> rig.launch("a") == 2 && rig.isReady("a"));
            assertThat(rig.events("Adopted")).isEmpty();
            assertThat(rig.restarts("a")).isZero();
            rig.ok("restart", "a");
            rig.until(() -> rig.launch("a") == 3 && rig.isReady("a"));
            assertThat(stranger.isAlive()).isTrue();
            assertThat(rig.leaders("a")).containsExactly(rig.pid("a"));
        } finally {
            stranger.destroyForcibly().waitFor();
        }
    }

    @ParameterizedTest(name = "A06 the clock is set by {0} s between two daemons: adopted all the same")
    @ValueSource(longs = {-7_200, 7_200})
    void a06ClockStep(long seconds) {
        one("[sleep, \"1000\"]");
        rig.start().untilReady("a");
        long pid = rig.pid("a");
        rig.kill9();
        // Seen from the second daemon it is the first one's clock that was wrong.
        new Notes(rig.home).change("a", record -> {
            for (String time : new String[] {"startedAt", "createdAt"}) {
                record.put(
                        time,
                        Instant.parse(record.path(time).asString(""))
                                .plusSeconds(seconds)
                                .toString());
            }
        });
        rig.start().untilReady("a");
        assertThat(rig.pid("a")).isEqualTo(pid);
        assertThat(rig.restarts("a")).isZero();
        assertThat(rig.events("Adopted")).hasSize(1);
        assertThat(rig.ok("get")).contains("a").doesNotContain("-1h").doesNotContain("-2h");
    }

    @Test
    @DisplayName("A10 edited while the daemon was down: exactly what changed rolls, once")
    void a10EditedMeanwhile() {
        rig.stack(SLEEPERS).start().untilReady("a", "b", "c");
        var pids = pids("a", "b", "c");
        rig.kill9();
        rig.stack("""
                processes:
                  - {name: a, command: [sleep, "1000"]}
                  - {name: b, command: [sleep, "1000"], env: {NEW: "1"}}
                  - {name: c, command: [sleep, "1000"], description: the same in other words}
                gateway: {engine: none}
                """).start();
        rig.until(() -> rig.launch("b") == 2 && rig.isReady("b"));
        rig.until(() -> rig.process("c").at("/metadata/generation").asInt(0) == 2);
        rig.ok("rollout", "status", "--timeout=60s");
        assertThat(rig.pid("a")).isEqualTo(pids.get("a"));
        assertThat(rig.pid("c")).isEqualTo(pids.get("c"));
        assertThat(pids).doesNotContainEntry("b", rig.pid("b"));
        assertThat(rig.leaders("b")).containsExactly(rig.pid("b"));
        assertThat(rig.restarts("b")).isZero();
        assertThat(rig.events("Killing")).hasSize(1);
    }

    @Test
    @DisplayName("A11 taken out of the file while the daemon was down: stopped after the start, once")
    void a11RemovedMeanwhile() {
        rig.stack(SLEEPERS).start().untilReady("a", "b", "c");
        var pids = pids("a", "b", "c");
        rig.kill9();
        rig.stack(SLEEPERS.replaceFirst("(?m)^.*name: b.*\n", "")).start();
        rig.until(() -> rig.process("b").isMissingNode());
        rig.until(() -> !ForkedRig.isAlive(pids.getOrDefault("b", 0L)));
        rig.untilReady("a", "c");
        assertThat(rig.events("Killing")).hasSize(1);
        assertThat(rig.events("Deleted")).hasSize(1);
        rig.restart().untilReady("a", "c");
        assertThat(pids("a", "c")).isEqualTo(Map.of("a", pids.get("a"), "c", pids.get("c")));
        assertThat(rig.leaders("b")).isEmpty();
        assertThat(rig.events("Killing")).hasSize(1);
        assertThat(Files.exists(rig.home.units().resolve("b.json"))).isFalse();
    }
}
