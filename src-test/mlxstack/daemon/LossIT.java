package mlxstack.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whole directories of the home are lost, or cannot be written to: nothing that runs is lost with them. */
class LossIT {

    private static final String TWO = """
            processes:
              - {name: a, command: [sleep, "1000"], restart: {backoff: {initial: 20ms}}, flapping: {restarts: 0}}
              - {name: b, command: [sleep, "1000"]}
            gateway: {engine: none}
            """;

    private final ForkedRig rig = new ForkedRig();

    @AfterEach
    void end() {
        rig.close();
    }

    @Test
    @DisplayName("A08 the whole directory of the state is gone: nothing is killed, nothing started twice")
    void a08EverythingGone() throws IOException {
        // What a launch starts in a session of its own carries the same nonce, and is no other launch.
        rig.stack("""
                processes:
                  - {name: a, command: [sleep, "1000"]}
                  - {name: b, command: [sh, -c, "setsid sleep 1000 & exec sleep 1000"]}
                gateway: {engine: none}
                """).start().untilReady("a", "b");
        rig.until(() -> rig.leaders("b").size() == 2);
        var a = rig.leaders("a");
        var b = rig.leaders("b");
        long pid = rig.pid("b");
        rig.kill9();
        Files.move(rig.home.state(), rig.dir.resolve("lost"));
        rig.start().untilReady("a", "b");
        rig.restart().untilReady("a", "b");
        assertThat(rig.leaders("a")).isEqualTo(a).containsExactly(rig.pid("a"));
        assertThat(rig.leaders("b")).isEqualTo(b);
        assertThat(rig.pid("b")).isEqualTo(pid);
        assertThat(rig.restarts("b")).isZero();
    }

    @ParameterizedTest(
            name = "A08 the accepted revisions are gone, and the file is {0}: nothing is killed or started twice")
    @ValueSource(strings = {"valid", "invalid", "missing"})
    void a08RevisionsGone(String file) throws IOException {
        rig.stack(TWO).start().untilReady("a", "b");
        long a = rig.pid("a");
        long b = rig.pid("b");
        rig.kill9();
        Files.move(rig.home.revisions(), rig.dir.resolve("lost"));
        switch (file) {
            case "invalid" -> rig.write("kind: Nonsense\n");
            case "missing" -> Files.delete(rig.file());
            default -> {}
        }
        adopted(a, b);
        ForkedRig.kill(a, "KILL");
        rig.until(() -> rig.launch("a") == 2 && rig.isReady("a"));
        rig.stack(TWO.replaceFirst("(?m)^.*name: b.*\n", ""));
        rig.until(() -> rig.process("b").isMissingNode());
        assertThat(rig.leaders("a")).containsExactly(rig.pid("a"));
        assertThat(rig.launch("a")).isEqualTo(2);
    }

    @Test
    @DisplayName("A08 all that was written down is gone but the file: nothing is killed or started twice")
    void a08OnlyTheFileIsLeft() throws IOException {
        rig.stack(TWO).start().untilReady("a", "b");
        long a = rig.pid("a");
        long b = rig.pid("b");
        rig.kill9();
        Files.move(rig.home.state(), rig.dir.resolve("lost"));
        Files.move(rig.home.revisions(), rig.dir.resolve("lost too"));
        adopted(a, b);
        rig.kill9();
        adopted(a, b);
        assertThat(rig.events("Killing")).isEmpty();
    }

    @Test
    @DisplayName(
            "A09 the directory of the records cannot be written: what runs runs on and is restarted, and it recovers")
    void a09NotWritable() throws IOException {
        rig.stack(TWO).start().untilReady("a", "b");
        long b = rig.pid("b");
        Path aside = rig.dir.resolve("aside");
        Files.move(rig.home.units(), aside);
        Files.createFile(rig.home.units());
        survives(b, () -> {
            Files.delete(rig.home.units());
            Files.move(aside, rig.home.units());
        });
    }

    @Test
    @DisplayName("A09 the disk is full: what runs runs on and is restarted, and it recovers when there is room again")
    void a09Full() throws IOException {
        rig.stack(TWO).start().untilReady("a", "b");
        long b = rig.pid("b");
        // To the daemon a limit of its own is the same as a full disk: not one more byte can be written.
        limit("0");
        survives(b, () -> limit("unlimited"));
    }

    private void limit(String bytes) throws IOException {
        var said = rig.run(new ProcessBuilder(
                "prlimit", "--pid", String.valueOf(rig.daemon().pid()), "--fsize=" + bytes + ":unlimited"));
        assertThat(said.code()).as(said::err).isZero();
    }

    private interface Repair {
        void run() throws IOException;
    }

    private void survives(long b, Repair repair) throws IOException {
        ForkedRig.kill(rig.pid("a"), "KILL");
        rig.until(() -> rig.launch("a") == 2 && rig.isReady("a"));
        assertThat(rig.pid("b")).isEqualTo(b);
        assertThat(rig.ok("status")).contains("cannot be written");
        // What a person asks for could be lost track of, so it waits.
        rig.ok("restart", "a", "--wait=false");
        rig.until(
                () -> rig.status("a").at("/current/waiting/reason").asString("").equals("StateNotDurable"));
        repair.run();
        rig.until(() -> rig.launch("a") > 2 && rig.isReady("a"));
        assertThat(rig.leaders("a")).containsExactly(rig.pid("a"));
        rig.until(() -> !rig.ok("status").contains("cannot be written"));
        assertThat(rig.pid("b")).isEqualTo(b);
        assertThat(rig.events("StateDurable")).hasSize(1);
        long a = rig.pid("a");
        rig.kill9();
        adopted(a, b);
    }

    @Test
    @DisplayName("A09 killed while nothing could be written: the start says why it fails; repaired, all is found again")
    void a09KilledMeanwhile() throws IOException {
        rig.stack(TWO).start().untilReady("a", "b");
        Path aside = rig.dir.resolve("aside");
        Files.move(rig.home.units(), aside);
        Files.createFile(rig.home.units());
        ForkedRig.kill(rig.pid("a"), "KILL");
        rig.until(() -> rig.launch("a") == 2 && rig.isReady("a"));
        long a = rig.pid("a");
        long b = rig.pid("b");
        rig.kill9();
        var failing = rig.launch(Main.class);
        rig.until(() -> !failing.isAlive());
        assertThat(failing.exitValue()).isEqualTo(1);
        assertThat(rig.said()).contains("cannot start: " + rig.home.units());
        assertThat(List.of(a, b)).allMatch(ForkedRig::isAlive);
        Files.delete(rig.home.units());
        Files.move(aside, rig.home.units());
        adopted(a, b);
    }

    private void adopted(long a, long b) {
        rig.start();
        rig.untilReadyAs("a", a);
        rig.untilReadyAs("b", b);
    }
}
