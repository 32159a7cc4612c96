package mlxstack.daemon;

import static java.time.Duration.ofSeconds;
import static mlxstack.daemon.Testimony.shell;
import static mlxstack.daemon.Testimony.stack;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import mlxstack.process.Faults;
import mlxstack.process.Platform;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The end of the whole stack, and what does not end at all. */
class ShutdownIT {

    private static final String ARMED = "probes: {readiness: {log: {pattern: armed}}}";
    private static final String NOT_SOON = "terminationGracePeriod: 10m";

    private final Rig rig = new Rig();

    @AfterEach
    void end() {
        rig.close();
    }

    /** Takes its time to end, and writes down when it was asked to and when it had done so. */
    private static String link(String name, String... fields) {
        String script = "trap \"echo $MLX_NAME asked >> order; sleep 0.3; echo $MLX_NAME over >> order; exit 0\" TERM; "
                + "echo armed; while :; do sleep 0.1; done";
        return shell(name, script, fields) + "    " + ARMED + "\n    " + NOT_SOON + "\n";
    }

    /** Ends when the other has been asked to end too. */
    private static String friend(String name, String other) {
        String script = "trap \"touch %s.asked; while [ ! -e %s.asked ]; do sleep 0.02; done; exit 0\" TERM; "
                        .formatted(name, other)
                + "echo armed; while :; do sleep 0.1; done";
        return shell(name, script, ARMED, NOT_SOON);
    }

    @Test
    @DisplayName("S10 down: dependents first, the independent at the same time, bounded, and the slow one named")
    void s10WholeStack() {
        rig.stack(stack(
                        link("db"),
                        link("api", "dependsOn: [{name: db}]"),
                        link("web", "dependsOn: [{name: api}]"),
                        friend("left", "right"),
                        friend("right", "left"),
                        shell(
                                "slow",
                                "trap \"\" TERM; echo armed; exec sleep 1000",
                                ARMED,
                                "terminationGracePeriod: 5s",
                                "dependsOn: [{name: right, condition: Started}]")))
                .start()
                .untilReady("db", "api", "web", "left", "right", "slow");
        var impatient = rig.ctl("down", "--keep-daemon", "--timeout", "200ms");
        assertThat(impatient.code()).isEqualTo(1);
        assertThat(impatient.err()).contains("timed out; still running: ").contains("slow");

        long began = System.nanoTime();
        String said = rig.ok("down", "--keep-daemon");
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(ofSeconds(40));
        assertThat(said).contains("process/slow stopping").contains("everything is stopped");
        assertThat(rig.lines("order"))
                .containsExactly("web asked", "web over", "api asked", "api over", "db asked", "db over");
        assertThat(rig.status("slow").at("/last/terminated/signalName").asString())
                .isEqualTo("SIGKILL");
        for (String name : new String[] {"db", "api", "web", "left", "right", "slow"}) {
            assertThat(rig.word(name)).isEqualTo("Stopped");
            assertThat(rig.instances(name)).isEmpty();
        }
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    @Test
    @DisplayName(
            "S07 what not even KILL ends: Terminating with the reason, nothing started beside it, its port its own")
    void s07Unkillable() throws IOException {
        var immortal = new AtomicLong();
        var real = Platform.current();
        int kill = real.signal("KILL").orElseThrow();
        String port = "ports: [" + freePort() + "]";
        String script = "trap \"\" TERM; echo armed; exec sleep 1000";
        rig.on(Faults.before(
                        real,
                        (method, given) ->
                                method.equals("kill") && given[0].equals(-immortal.get()) && given[1].equals(kill)
                                        ? 0
                                        : null))
                .stack(stack(shell("stuck", script, port, ARMED, "terminationGracePeriod: 200ms")))
                .start()
                .untilReady("stuck");
        long pid = rig.pid("stuck");
        immortal.set(pid);

        rig.ok("restart", "stuck");
        rig.until(() -> rig.status("stuck").path("message").asString("").contains("not even after KILL"));
        assertThat(rig.word("stuck")).isEqualTo("Terminating");
        assertThat(rig.pid("stuck")).isEqualTo(pid);
        assertThat(rig.ok("why", "stuck")).contains("is being ended (restart)").contains("KILL follows in");
        rig.until(() -> !rig.events("Unkillable").isEmpty());

        rig.stack(stack(shell("fresh", "exec sleep 1000", port)));
        rig.untilWord("fresh", "PortHeld");
        assertThat(rig.word("stuck")).isEqualTo("Terminating");
        assertThat(rig.status("fresh").path("message").asString()).contains("still held by stuck");
        assertThat(rig.leaders("stuck")).containsExactly(pid);
        assertThat(rig.leaders("fresh")).isEmpty();

        Rig.kill(pid, "KILL");
        rig.untilReady("fresh");
        rig.until(() -> rig.process("stuck").isMissingNode());
        assertThat(rig.leaders("stuck")).isEmpty();
    }
}
