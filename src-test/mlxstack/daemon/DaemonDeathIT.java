package mlxstack.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import mlxstack.gateway.GatewayMain;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** All the ways in which a daemon ends, or does not, and what that means to its children. */
class DaemonDeathIT {

    private static final String SLEEPER = """
            processes: [{name: a, command: [sleep, "1000"]}]
            gateway: {engine: none}
            """;

    private final ForkedRig rig = new ForkedRig();

    @AfterEach
    void end() {
        rig.close();
    }

    @Test
    @DisplayName("A12 a second daemon says who was first and exits with 1; children and the first are untouched")
    void a12Second() {
        rig.stack(SLEEPER).start().untilReady("a");
        long pid = rig.pid("a");
        var second = rig.launch(Main.class);
        rig.until(() -> !second.isAlive());
        assertThat(second.exitValue()).isEqualTo(1);
        assertThat(rig.said())
                .contains("error: another mlxstack daemon (pid %d) already serves %s"
                        .formatted(rig.daemon().pid(), rig.home.root()));
        assertThat(rig.pid("a")).isEqualTo(pid);
        assertThat(rig.leaders("a")).containsExactly(pid);
        assertThat(rig.ok("version")).isNotEmpty();
    }

    @Test
    @DisplayName("A12 of three daemons started at once one serves and two exit with 1; each child exists once")
    void a12AtOnce() {
        rig.stack(SLEEPER);
        var three = List.of(rig.launch(Main.class), rig.launch(Main.class), rig.launch(Main.class));
        rig.until(() -> three.stream().filter(Process::isAlive).count() == 1);
        rig.untilReady("a");
        assertThat(three.stream().filter(p -> !p.isAlive()).map(Process::exitValue))
                .containsExactly(1, 1);
        assertThat(three.stream().filter(Process::isAlive)).hasSize(1);
        assertThat(rig.leaders("a")).containsExactly(rig.pid("a"));
    }

    @ParameterizedTest(name = "A16 {0} ends the daemon in order, with exit code 0, and no child")
    @ValueSource(strings = {"TERM", "INT"})
    void a16EndsInOrder(String signal) {
        rig.stack(SLEEPER).start().untilReady("a");
        long pid = rig.pid("a");
        ForkedRig.kill(rig.daemon().pid(), signal);
        assertThat(rig.exit()).isZero();
        assertThat(ForkedRig.isAlive(pid)).isTrue();
        assertThat(rig.ctl("get").code()).isEqualTo(1);
        rig.start().untilReady("a");
        assertThat(rig.pid("a")).isEqualTo(pid);
        assertThat(rig.restarts("a")).isZero();
    }

    @Test
    @DisplayName("A16 HUP has the file read and ends nobody")
    void a16Hangup() {
        rig.stack(SLEEPER).start().untilReady("a");
        long pid = rig.pid("a");
        rig.stack(SLEEPER.replace("}]", "}, {name: b, command: [sleep, \"1000\"]}]"));
        ForkedRig.kill(rig.daemon().pid(), "HUP");
        rig.untilReady("b");
        ForkedRig.kill(rig.daemon().pid(), "HUP");
        assertThat(rig.ok("version")).isNotEmpty();
        assertThat(rig.daemon().isAlive()).isTrue();
        assertThat(rig.pid("a")).isEqualTo(pid);
    }

    @Test
    @DisplayName("A16 the terminal it was started in closes: the daemon and its children go on")
    void a16TerminalCloses() throws IOException, InterruptedException {
        rig.stack(SLEEPER);
        var words = rig.command(Main.class).stream().map(w -> "'" + w + "'").toList();
        var builder = new ProcessBuilder("script", "-q", "-c", "exec " + String.join(" ", words), "/dev/null");
        rig.environment(builder);
        var terminal = builder.start();
        try {
            rig.untilReady("a");
            long pid = rig.pid("a");
            long daemon = Long.parseLong(Files.readString(rig.home.lock()).strip());
            assertThat(Carrier.parent(daemon)).isEqualTo(terminal.pid());
            terminal.destroyForcibly().waitFor();
            rig.until(() -> Carrier.parent(daemon) != terminal.pid());
            assertThat(rig.ok("restart", "a")).isNotEmpty();
            rig.until(() -> rig.isReady("a") && rig.launch("a") == 2);
            assertThat(ForkedRig.isAlive(daemon)).isTrue();
            assertThat(ForkedRig.isAlive(pid)).isFalse();
            long second = rig.pid("a");
            ForkedRig.kill(daemon, "TERM");
            rig.until(() -> !ForkedRig.isAlive(daemon));
            assertThat(ForkedRig.isAlive(second)).isTrue();
        } finally {
            terminal.destroyForcibly().waitFor();
        }
    }

    @Test
    @DisplayName("A17 the gateway, the only helper there is, is killed: it is restarted, and nobody else notices")
    void a17GatewayKilled() throws IOException {
        int port;
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        rig.stack("""
                defaults: {restart: {backoff: {initial: 20ms}}, flapping: {restarts: 0}}
                processes: [{name: a, command: [sleep, "1000"]}]
                gateway: {listen: "127.0.0.1:%d"}
                """.formatted(port)).start().untilReady("a", "gateway");
        long pid = rig.pid("a");
        long gateway = rig.pid("gateway");
        assertThat(Files.readString(Path.of("/proc/" + gateway + "/cmdline"))).contains(GatewayMain.class.getName());
        ForkedRig.kill(gateway, "KILL");
        rig.until(() -> rig.launch("gateway") == 2 && rig.isReady("gateway"));
        assertThat(rig.status("gateway").at("/last/terminated/signalName").asString(""))
                .isEqualTo("SIGKILL");
        assertThat(rig.restarts("gateway")).isEqualTo(1);
        assertThat(rig.leaders("gateway")).containsExactly(rig.pid("gateway"));
        assertThat(rig.pid("a")).isEqualTo(pid);
        assertThat(rig.restarts("a")).isZero();
    }

    @Test
    @DisplayName("A18 killed again and again: the healthy one is not restarted, the crashing one never runs twice")
    void a18KilledAgainAndAgain() throws IOException {
        Path starts = rig.dir.resolve("starts");
        Path twice = rig.dir.resolve("twice");
        Path running = rig.dir.resolve("running");
        rig.stack("""
                defaults: {restart: {backoff: {initial: 10ms, max: 40ms}}, flapping: {restarts: 0}}
                processes:
                  - {name: healthy, command: [sleep, "1000"], probes: {readiness: {exec: {command: ["true"]}, period: 50ms}}}
                  - name: looping
                    command: [sh, -c, "mkdir %s || echo $$ >> %s; echo $$ >> %s; sleep 0.03; rmdir %s; exit 1"]
                gateway: {engine: none}
                """.formatted(running, twice, starts, running)).start();
        rig.untilReady("healthy");
        long pid = rig.pid("healthy");
        int restarts = 0;
        for (int kill = 0; kill < 15; kill++) {
            // At another moment of its life each time.
            long enough = lines(starts) + kill % 4;
            rig.until(() -> lines(starts) >= enough);
            rig.kill9().start();
            assertThat(rig.leaders("looping")).hasSizeLessThanOrEqualTo(1);
            assertThat(rig.leaders("healthy")).containsExactly(pid);
            int counted = rig.restarts("looping");
            assertThat(counted).isGreaterThanOrEqualTo(restarts);
            restarts = counted;
        }
        rig.untilReady("healthy");
        assertThat(rig.restarts("healthy")).isZero();
        assertThat(rig.launch("healthy")).isEqualTo(1);
        assertThat(twice).doesNotExist();
        assertThat(descriptors(pid)).containsExactly("0", "1", "2");
        long seen = lines(starts);
        assertThat(rig.launch("looping")).isGreaterThanOrEqualTo(seen);
        rig.ok("stop", "looping");
        rig.untilWord("looping", "Stopped");
        assertThat(rig.leaders("looping")).isEmpty();
        assertThat(zombies(rig.daemon().pid())).isEmpty();
    }

    private static long lines(Path file) throws IOException {
        return Files.exists(file) ? Files.readAllLines(file).size() : 0;
    }

    private static List<String> descriptors(long pid) throws IOException {
        try (Stream<Path> all = Files.list(Path.of("/proc/" + pid + "/fd"))) {
            return all.map(f -> f.getFileName().toString()).sorted().toList();
        }
    }

    private static List<Long> zombies(long parent) throws IOException {
        try (Stream<Path> all = Files.list(Path.of("/proc"))) {
            return all.filter(p -> p.getFileName().toString().matches("\\d+"))
                    .map(p -> Long.parseLong(p.getFileName().toString()))
                    .filter(p -> Carrier.parent(p) == parent && !ForkedRig.isAlive(p))
                    .toList();
        }
    }
}
