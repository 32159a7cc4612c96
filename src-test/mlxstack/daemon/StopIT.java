package mlxstack.daemon;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static mlxstack.daemon.Testimony.shell;
import static mlxstack.daemon.Testimony.stack;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The end of one process, and all that can be in its way. */
class StopIT {

    private static final String SOON = "terminationGracePeriod: 500ms";
    private static final String NOT_SOON = "terminationGracePeriod: 10m";
    /** Ready when it has written "armed". */
    private static final String ARMED = "probes: {readiness: {log: {pattern: armed}}}";
    /** Longer than a loaded machine keeps anything waiting, and shorter than any other limit. */
    private static final Duration LATE = ofSeconds(25);

    private final Rig rig = new Rig();
    private final Testimony told = new Testimony(rig);

    @AfterEach
    void end() {
        rig.close();
    }

    private Duration stop(String name) {
        long began = System.nanoTime();
        rig.ok("stop", name);
        var took = Duration.ofNanos(System.nanoTime() - began);
        assertThat(rig.word(name)).isEqualTo("Stopped");
        return took;
    }

    private String endedBy(String name) {
        return rig.status(name).at("/last/terminated/signalName").asString("");
    }

    private long pidIn(String file) {
        rig.until(() -> !rig.lines(file).isEmpty());
        return Long.parseLong(rig.lines(file).getFirst());
    }

    @Test
    @DisplayName("S01 what ignores TERM is killed after its grace period, and that is told")
    void s01IgnoresTerm() {
        rig.stack(stack(shell("a", "trap \"\" TERM; echo armed; exec sleep 1000", SOON, ARMED)))
                .start()
                .untilReady("a");
        assertThat(stop("a")).isBetween(ofMillis(500), LATE);
        assertThat(endedBy("a")).isEqualTo("SIGKILL");
        assertThat(rig.status("a").at("/last/terminated/reason").asString()).isEqualTo("Stopped");
        assertThat(rig.events("GracePeriodExceeded")).singleElement().asString().contains("500ms");
        assertThat(rig.leaders("a")).isEmpty();
    }

    @Test
    @DisplayName("S02 what is stopped by SIGSTOP hears TERM, because CONT follows")
    void s02Frozen() {
        rig.stack(stack(shell("a", "exec sleep 1000", NOT_SOON))).start().untilReady("a");
        Rig.kill(rig.pid("a"), "STOP");
        assertThat(stop("a")).isLessThan(LATE);
        assertThat(endedBy("a")).isEqualTo("SIGTERM");
    }

    @Test
    @DisplayName("S03 a wrapper that dies on TERM does not leave its server behind, even one that ignores TERM")
    void s03Wrapper() {
        rig.stack(stack(shell(
                        "a",
                        "(trap \"\" TERM; exec sleep 1000) & echo $! > server; echo armed; wait",
                        NOT_SOON,
                        ARMED)))
                .start()
                .untilReady("a");
        long server = pidIn("server");
        assertThat(stop("a")).isLessThan(LATE);
        assertThat(Rig.isAlive(server)).isFalse();
    }

    @Test
    @DisplayName(
            "S04 a grandchild in a session of its own that holds the output: ended under killMode all, else reported")
    void s04OwnSession() {
        String script = "setsid sleep 1000 & echo $! > $MLX_NAME.stray; echo armed; exec sleep 1000";
        rig.stack(stack(
                        shell("all", script, NOT_SOON, ARMED, "killMode: all"),
                        shell("session", script, NOT_SOON, ARMED, "killMode: session")))
                .start()
                .untilReady("all", "session");
        long doomed = pidIn("all.stray");
        long spared = pidIn("session.stray");
        assertThat(stop("all")).isLessThan(LATE);
        assertThat(stop("session")).isLessThan(LATE);
        assertThat(Rig.isAlive(doomed)).isFalse();
        assertThat(Rig.isAlive(spared)).isTrue();
        rig.until(() -> !rig.events("OrphanFound").isEmpty());
        assertThat(rig.events("OrphanFound")).singleElement().asString().contains("pid " + spared);
    }

    @Test
    @DisplayName("S05 the leader ends and a worker of its group lives on: the worker is ended before the restart")
    void s05WorkerOutlivesLeader() {
        rig.stack(stack(shell(
                        "a",
                        "for p in $(cat workers); do grep -qs \"^State:[^A-Z]*[A-Y]\" /proc/$p/status && echo $p >> outlived; done; "
                                + "sleep 1000 & echo $! >> workers; exit 1",
                        "restart: {backoff: {initial: 1ms, factor: 1}}",
                        "flapping: {restarts: 0}")))
                .touch("workers")
                .start();
        rig.until(() -> rig.restarts("a") >= 5);
        assertThat(rig.lines("workers")).hasSizeGreaterThanOrEqualTo(5).doesNotHaveDuplicates();
        assertThat(rig.lines("outlived")).isEmpty();
        stop("a");
        assertThat(rig.lines("workers")).noneMatch(pid -> Rig.isAlive(Long.parseLong(pid)));
    }

    @Test
    @DisplayName("S06 it ends by itself at the very moment of the stop: no error, and it is stopped")
    void s06EndsAtThatMoment() throws Exception {
        rig.stack(stack(shell("a", "exec sleep 1000", "restart: {backoff: {initial: 1ms}}", NOT_SOON)))
                .start()
                .untilReady("a");
        for (int round = 0; round < 40; round++) {
            rig.ok("start", "a", "--wait");
            long pid = rig.pid("a");
            var together = new CyclicBarrier(2);
            var killer = Thread.ofVirtual().start(() -> {
                var kill = new ProcessBuilder("kill", "-KILL", String.valueOf(pid));
                try {
                    together.await();
                    kill.start().waitFor();
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
            });
            together.await();
            stop("a");
            killer.join();
            assertThat(rig.leaders("a")).isEmpty();
        }
        assertThat(rig.count("InternalError")).isZero();
    }

    @Test
    @DisplayName("S08 stop twice, stop of an unknown name, start of what runs: exit codes 0, 1, 0, and nothing changes")
    void s08Idempotent() {
        rig.stack(stack(shell("a", "exec sleep 1000"), shell("b", "exec sleep 1000")))
                .start()
                .untilReady("a", "b");
        stop("a");
        stop("a");
        assertThat(rig.launch("a")).isEqualTo(1);
        var unknown = rig.ctl("stop", "nobody");
        assertThat(unknown.code()).isEqualTo(1);
        assertThat(unknown.err()).contains("\"nobody\" not found");
        long pid = rig.pid("b");
        rig.ok("start", "b", "--wait");
        assertThat(List.of(rig.pid("b"), rig.launch("b"))).isEqualTo(List.of(pid, 1L));
        rig.ok("start", "a", "--wait");
        assertThat(rig.launch("a")).isEqualTo(2);
    }

    @Test
    @DisplayName("S09 stop while waiting for a dependency, of every kind: Stopped at once, and nothing starts it later")
    void s09StopWhileWaiting() {
        var kinds = List.of("Started", "Ready", "Completed", "Succeeded");
        var processes = new StringBuilder(stack(
                "  - name: dep\n    command: [%s]\n    restart: {policy: Never}\n".formatted(rig.dir.resolve("dep"))));
        for (String kind : kinds) {
            for (String name : List.of("stopped-", "waits-")) {
                processes.append(shell(
                        name + kind.toLowerCase(java.util.Locale.ROOT),
                        "exec sleep 1000",
                        "dependsOn: [{name: dep, condition: %s}]".formatted(kind)));
            }
        }
        rig.stack(processes.toString()).start();
        var stopped = kinds.stream()
                .map(k -> "stopped-" + k.toLowerCase(java.util.Locale.ROOT))
                .toList();
        var waiting = kinds.stream()
                .map(k -> "waits-" + k.toLowerCase(java.util.Locale.ROOT))
                .toList();
        waiting.forEach(name -> rig.untilWord(name, "DependencyNotReady"));
        for (String name : stopped) {
            rig.untilWord(name, "DependencyNotReady");
            assertThat(stop(name)).isLessThan(ofSeconds(5));
        }
        rig.program("dep", "#!/bin/sh\nwhile [ ! -e over ]; do sleep 0.05; done\n");
        rig.untilReady("waits-started", "waits-ready");
        rig.touch("over");
        rig.untilReady("waits-completed", "waits-succeeded");
        for (String name : stopped) {
            assertThat(rig.word(name)).isEqualTo("Stopped");
            assertThat(told.starts(name)).isEmpty();
        }
    }

    @Test
    @DisplayName("S11 a pre-stop command that hangs is bounded by the grace period, and is itself ended")
    void s11PreStopHangs() {
        rig.stack(stack(shell(
                        "a",
                        "exec sleep 1000",
                        SOON,
                        "preStop: {exec: {command: [sh, -c, \"echo $$ > hook; exec sleep 1000\"], timeout: 5m}}")))
                .start()
                .untilReady("a");
        assertThat(stop("a")).isBetween(ofMillis(500), LATE);
        rig.until(() -> !rig.events("PreStopFailed").isEmpty());
        assertThat(rig.events("PreStopFailed")).singleElement().asString().contains("did not end within 500ms");
        assertThat(Rig.isAlive(pidIn("hook"))).isFalse();
    }
}
