package mlxstack.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import mlxstack.reconcile.Condition;
import mlxstack.reconcile.Phase;
import mlxstack.reconcile.Unit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What follows from probes' results, with real children, sockets and commands. */
class ProbesIT {

    @TempDir
    Path dir;

    private LittleDaemon daemon;

    @BeforeEach
    void start() {
        daemon = new LittleDaemon(dir);
    }

    @AfterEach
    void stop() {
        daemon.close();
    }

    /** A process named {@code web} that runs {@code script} in the test's folder. */
    private String web(String script, String rest) {
        return """
                processes:
                  - name: web
                    command: [sh, -c, '%s']
                    workingDirectory: %s
                    restart: {backoff: {initial: 10ms, max: 50ms}}
                    flapping: {restarts: 0}
                """.formatted(script, dir) + rest.indent(4);
    }

    private void put(String file) throws IOException {
        Files.createFile(dir.resolve(file));
    }

    /** How often a probe has left its mark. */
    private long marks(String file) {
        try {
            var path = dir.resolve(file);
            return Files.exists(path) ? Files.size(path) / 2 : 0;
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private void marked(String file, long times) {
        await(file).atMost(LittleDaemon.LONG).until(() -> marks(file) >= times);
    }

    private static Condition condition(Unit unit, Condition.Type type) {
        return unit.conditions().get(type).getOrElseThrow(() -> new AssertionError(unit.conditions()));
    }

    @Test
    @DisplayName("P01: a failing readiness probe makes it not Ready and restarts nothing")
    void p01ReadinessOnlyMovesTraffic() throws IOException {
        daemon.apply(web("exec sleep 600", """
                probes: {readiness: {exec: {command: [sh, -c, "echo x >> asked; test -e ok"]}, period: 10ms, timeout: 30s}}
                """));
        put("ok");
        var first = LittleDaemon.identity(daemon.ready("web"));
        Files.delete(dir.resolve("ok"));
        var unit = daemon.await("web", u -> !u.ready());
        assertThat(condition(unit, Condition.Type.Ready).status()).isEqualTo(Condition.Status.False);
        marked("asked", marks("asked") + 10);
        put("ok");
        unit = daemon.ready("web");
        assertThat(LittleDaemon.identity(unit)).isEqualTo(first);
        assertThat(unit.launch()).isEqualTo(1);
        assertThat(daemon.count("Killing")).isZero();
        assertThat(daemon.count("web Unhealthy readiness probe failed: sh ended with exit code 1"))
                .isPositive();
    }

    @Test
    @DisplayName("P02: liveness failing its threshold is one kill, and nothing is asked until there is a new instance")
    void p02OneKillThenHold() throws IOException {
        daemon.apply(web("trap \"\" TERM; while :; do sleep 1; done", """
                terminationGracePeriod: 1s
                probes:
                  liveness: {exec: {command: [sh, -c, "echo x >> asked; test ! -e sick"]}, period: 10ms, timeout: 30s}
                """));
        marked("asked", 5);
        put("sick");
        daemon.await("web", u -> u.phase() instanceof Phase.Stopping);
        long asked = marks("asked");
        Files.delete(dir.resolve("sick"));
        daemon.heard("GracePeriodExceeded");
        assertThat(marks("asked") - asked)
                .as("asked while it was being stopped")
                .isLessThanOrEqualTo(1);
        var unit = daemon.await("web", u -> u.launch() == 2 && u.phase() instanceof Phase.Running);
        marked("asked", asked + 10);
        assertThat(java.util.Objects.requireNonNull(daemon.unit("web")).launch())
                .isEqualTo(2);
        assertThat(unit.streak().restarts()).isEqualTo(1);
        assertThat(daemon.count("Killing stopping (liveness probe failed)")).isEqualTo(1);
    }

    @Test
    @DisplayName("P03: while start-up goes on within its budget, liveness is silent")
    void p03StartupGatesLiveness() throws IOException {
        daemon.apply(web("exec sleep 600", """
                probes:
                  startup: {exec: {command: [sh, -c, "echo x >> asked; test -e up"]}, period: 10m, failureThreshold: 1, timeout: 30s}
                  liveness: {exec: {command: [sh, -c, "echo x >> live; exit 1"]}, period: 10ms, timeout: 30s, failureThreshold: 1}
                """));
        marked("asked", 5);
        assertThat(marks("live")).isZero();
        assertThat(daemon.unit("web")).matches(u -> u != null && u.launch() == 1);
        put("up");
        marked("live", 1);
        var unit = daemon.await("web", u -> u.launch() >= 3);
        daemon.die();
        assertThat(marks("live")).as("one failure, one kill").isLessThanOrEqualTo(unit.launch());
    }

    @Test
    @DisplayName("P03: a start-up budget that is used up ends the instance")
    void p03StartupHasABudget() {
        daemon.apply(web("exec sleep 600", """
                probes: {startup: {exec: {command: ["false"]}, period: 100ms, failureThreshold: 3, timeout: 30s}}
                """));
        daemon.await("web", u -> u.launch() == 2);
        assertThat(daemon.count("Killing stopping (start-up took too long)")).isPositive();
    }

    @Test
    @DisplayName("P04: a probe that cannot be run is a warning and nothing else")
    void p04UnrunnableProbeIsDiscarded() throws IOException {
        daemon.apply(web("exec sleep 600", """
                probes:
                  readiness: {exec: {command: [./check]}, period: 10ms, timeout: 30s, failureThreshold: 1}
                  liveness: {exec: {command: [./check]}, period: 10ms, timeout: 30s, failureThreshold: 1}
                """));
        await().atMost(LittleDaemon.LONG)
                .until(() -> daemon.count("ProbeError readiness") >= 5 && daemon.count("ProbeError liveness") >= 5);
        assertThat(daemon.told).anyMatch(line -> line.contains("check does not exist"));
        assertThat(daemon.count("Unhealthy")).isZero();
        var check = Files.writeString(dir.resolve("check.new"), "#!/bin/sh\nexit 0\n");
        assertThat(check.toFile().setExecutable(true)).isTrue();
        Files.move(check, dir.resolve("check"));
        assertThat(daemon.ready("web").launch()).isEqualTo(1);
    }

    @Test
    @DisplayName("P05: commands that hang are killed at their timeout, with all they started")
    void p05HangingCommandsLeaveNothing() {
        String marker = "86399." + ProcessHandle.current().pid();
        daemon.apply(web("exec sleep 600", """
                probes:
                  readiness: {exec: {command: [sh, -c, "sleep %s & sleep %s"]}, period: 10ms, timeout: 50ms}
                """.formatted(marker, marker)));
        await().atMost(LittleDaemon.LONG).until(() -> daemon.count("sh did not end within 50ms and was killed") >= 20);
        daemon.die();
        await().atMost(LittleDaemon.LONG)
                .until(() -> ProcessHandle.allProcesses()
                        .noneMatch(p -> p.info().commandLine().orElse("").contains(marker)));
    }

    @Test
    @DisplayName("P06: 30 probed services taken over by a new daemon are asked all over the period")
    void p06AdoptedServicesAreSpread() throws IOException {
        Map<String, Long> firsts = new ConcurrentHashMap<>();
        try (var peer = new Peer((request, out) -> {
            firsts.putIfAbsent(request.substring(0, request.indexOf(" HTTP")), System.nanoTime());
            Peer.status(200).to(request, out);
        })) {
            var spec = new StringBuilder("processes:\n");
            IntStream.range(0, 30).forEach(i -> spec.append("""
                      - name: s%d
                        command: [sleep, "600"]
                        probes: {readiness: {http: {port: %d, path: /s%d}, period: 5s, timeout: 30s}}
                    """.formatted(i, peer.port(), i)));
            daemon.apply(spec.toString());
            var before = IntStream.range(0, 30)
                    .mapToObj(i -> LittleDaemon.identity(daemon.ready("s" + i)))
                    .toList();
            daemon.die();
            firsts.clear();
            daemon = new LittleDaemon(dir, "/usr/bin:/bin", daemon.left());
            var after = IntStream.range(0, 30)
                    .mapToObj(i ->
                            LittleDaemon.identity(daemon.await("s" + i, u -> u.phase() instanceof Phase.Running)))
                    .toList();
            assertThat(after).isEqualTo(before);
            await().atMost(LittleDaemon.LONG).until(() -> firsts.size() == 30);
            long first = firsts.values().stream().mapToLong(l -> l).min().orElseThrow();
            var seconds = firsts.values().stream()
                    .map(at -> Duration.ofNanos(at - first).toSeconds())
                    .distinct()
                    .toList();
            assertThat(seconds).as("seconds in which one was asked first").hasSizeGreaterThanOrEqualTo(3);
            for (int i = 0; i < 30; i++) {
                assertThat(daemon.ready("s" + i).streak().restarts()).isZero();
            }
            assertThat(daemon.count(" Adopted ")).isEqualTo(30);
        }
    }
}
