package mlxstack.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What an edited file does to what runs, from the bytes on disk to the pids. */
class ChangesIT {

    /** Ready as soon as its directory holds a file of that name. */
    private static final String TWO = """
            defaults:
              restart: {backoff: {initial: 50ms, max: 200ms}}
            gateway: {engine: none}
            processes:
              - {name: a, command: [sleep, "600"], description: first}
              - {name: b, command: [sleep, "601"]}
            """;

    private final Rig rig = new Rig();

    @BeforeEach
    void begin() {
        rig.stack(TWO).start();
        rig.untilReady("a", "b");
    }

    @AfterEach
    void end() {
        rig.close();
    }

    private int revision() {
        String status = rig.ok("status");
        var matcher = java.util.regex.Pattern.compile("Revision:\\s+(\\d+)").matcher(status);
        assertThat(matcher.find()).as(status).isTrue();
        return Integer.parseInt(matcher.group(1));
    }

    @Test
    @DisplayName("G04 a mistake is refused with its place; what runs goes on, under the next daemon too")
    void g04AMistakeChangesNothing() {
        long a = rig.pid("a");
        rig.stack(TWO.replace("description: first", "descripton: first"));
        rig.until(() -> rig.ctl("status").out().contains("descripton"));
        assertThat(rig.ok("status")).contains("stack.yaml:9:42").contains("description");
        rig.restart();
        rig.until(() -> rig.ctl("status").out().contains("descripton"));
        rig.untilReady("a", "b");
        assertThat(rig.pid("a")).isEqualTo(a);
        assertThat(revision()).isEqualTo(1);

        rig.stack(TWO.replace("601", "602"));
        rig.until(() -> rig.launch("b") == 2 && rig.isReady("b"));
        assertThat(rig.ok("status")).doesNotContain("descripton");
        assertThat(rig.pid("a")).isEqualTo(a);
    }

    @Test
    @DisplayName("G05 the file is gone: everything keeps running, and it is said; back again: it counts")
    void g05AMissingFileStopsNothing() throws IOException {
        long a = rig.pid("a");
        Files.delete(rig.file());
        rig.until(() -> rig.ctl("status").out().contains("there is no"));
        rig.restart();
        rig.until(() -> rig.ctl("status").out().contains("there is no"));
        rig.untilReady("a", "b");
        assertThat(rig.pid("a")).isEqualTo(a);
        rig.stack(TWO.replace("601", "602"));
        rig.until(() -> rig.launch("b") == 2 && rig.isReady("b"));
        assertThat(rig.pid("a")).isEqualTo(a);
    }

    @Test
    @DisplayName("G06 a file that would delete everything is held until a person confirms exactly that")
    void g06ManyDeletionsAreHeld() {
        long a = rig.pid("a");
        rig.stack("gateway: {engine: none}\nprocesses: []\n");
        rig.until(() -> !rig.events("PruneHeld").isEmpty());
        String digest = rig.events("PruneHeld").getFirst().replaceAll("(?s).*--prune=([0-9a-f]+).*", "$1");
        rig.restart();
        rig.untilReady("a", "b");
        assertThat(rig.pid("a")).isEqualTo(a);
        rig.until(() -> rig.ctl("status").out().contains(digest));

        assertThat(rig.ctl("apply", "--prune=0123456789ab").code()).isEqualTo(1);
        assertThat(rig.pid("a")).isEqualTo(a);
        rig.ok("apply", "--prune=" + digest);
        rig.until(() -> rig.process("a").isMissingNode() && rig.process("b").isMissingNode());
        assertThat(Rig.isAlive(a)).isFalse();
        rig.restart();
        assertThat(rig.process("a").isMissingNode()).isTrue();
    }

    @Test
    @DisplayName("G06 a held file that is put back as it was is held no longer, and nothing happens")
    void g06AHeldFileIsTakenBack() {
        long a = rig.pid("a");
        rig.stack("gateway: {engine: none}\nprocesses: []\n");
        rig.until(() -> rig.ctl("status").out().contains("held: "));
        rig.stack(TWO);
        rig.until(() -> !rig.ctl("status").out().contains("held: "));
        assertThat(rig.pid("a")).isEqualTo(a);
    }

    @Test
    @DisplayName("G14 another description moves the generation and no process")
    void g14ADescriptionRestartsNothing() {
        long a = rig.pid("a");
        rig.stack(TWO.replace("description: first", "description: changed"));
        rig.until(() -> rig.process("a").at("/metadata/generation").asInt(0) == 2
                && rig.status("a").path("observedGeneration").asInt(0) == 2);
        assertThat(rig.pid("a")).isEqualTo(a);
        assertThat(rig.process("b").at("/metadata/generation").asInt(0)).isEqualTo(1);
        assertThat(rig.restarts("a")).isZero();
    }

    @Test
    @DisplayName("G15 another environment of one rolls that one")
    void g15OnlyTheChangedOneRolls() {
        long a = rig.pid("a");
        long b = rig.pid("b");
        rig.stack(TWO.replace("\"601\"]", "\"601\"], env: {X: y}"));
        rig.until(() -> rig.launch("b") == 2 && rig.isReady("b"));
        assertThat(rig.pid("a")).isEqualTo(a);
        assertThat(rig.pid("b")).isNotEqualTo(b);
        assertThat(Rig.isAlive(b)).isFalse();
        assertThat(rig.restarts("b")).as("a rollout is no failure").isZero();
    }

    private static String gated(String file, String rollout) {
        return TWO + "  - {name: c, command: [sleep, \"602\"], env: {GATE: \"" + file + "\"}, rollout: " + rollout
                + ", probes: {readiness: {exec: {command: [sh, -c, 'test -e \"$GATE\"']}, period: 100ms}}}\n";
    }

    @Test
    @DisplayName("G16 a revision that never becomes Ready fails its deadline; the others go on")
    void g16AStuckRolloutIsSaidToBeOne() throws IOException {
        var open = Files.createFile(rig.dir.resolve("open"));
        var shut = rig.dir.resolve("shut");
        rig.stack(gated(open.toString(), "{progressDeadline: 30s}"));
        rig.untilReady("c");
        long a = rig.pid("a");
        rig.stack(gated(shut.toString(), "{progressDeadline: 1s}"));
        rig.until(() -> rig.launch("c") == 2);
        var said = rig.ctl("rollout", "status", "c", "--timeout=60s");
        assertThat(said.code()).as(said.out() + said.err()).isEqualTo(1);
        assertThat(said.err()).contains("progress deadline");
        assertThat(rig.pid("a")).isEqualTo(a);
        assertThat(rig.word("c")).isNotEqualTo("Running");
    }

    @Test
    @DisplayName("G16 with autoRevert the last definition that was Ready comes back by itself")
    void g16AutoRevertBringsTheLastGoodOneBack() throws IOException {
        var open = Files.createFile(rig.dir.resolve("open"));
        rig.stack(gated(open.toString(), "{progressDeadline: 1s, autoRevert: true}"));
        rig.untilReady("c");
        rig.stack(gated(rig.dir.resolve("shut").toString(), "{progressDeadline: 1s, autoRevert: true}"));
        rig.until(() -> rig.launch("c") == 3 && rig.isReady("c"));
        assertThat(rig.ok("describe", "c")).contains(open.toString());
        assertThat(rig.ctl("rollout", "status", "c").code()).isEqualTo(1);
    }

    @Test
    @DisplayName("G17 a newer file ends the wait for the older one's rollout")
    void g17ANewerRevisionReplacesARolloutUnderWay() throws IOException {
        var open = Files.createFile(rig.dir.resolve("open"));
        rig.stack(gated(rig.dir.resolve("shut").toString(), "{progressDeadline: 10m}"));
        rig.until(() -> rig.launch("c") == 1 && rig.pid("c") > 0);
        rig.stack(gated(open.toString(), "{progressDeadline: 10m}"));
        rig.until(() -> rig.launch("c") == 2 && rig.isReady("c"));
        rig.ok("rollout", "status", "c", "--timeout=30s");
    }

    @Test
    @DisplayName("G18 killed by hand: repaired; its port taken by hand: said, and the stranger is left alone")
    void g18DriftIsRepairedAndStrangersAreNot() throws IOException {
        long a = rig.pid("a");
        Rig.kill(a, "KILL");
        rig.until(() -> rig.launch("a") == 2 && rig.isReady("a"));
        assertThat(rig.restarts("a")).isEqualTo(1);

        try (var stranger = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            rig.stack(TWO + "  - {name: d, command: [sleep, \"603\"], ports: [" + stranger.getLocalPort() + "]}\n");
            rig.untilWord("d", "PortConflict");
            assertThat(rig.ok("describe", "d"))
                    .contains("port " + stranger.getLocalPort() + " is held by")
                    .contains("pid " + ProcessHandle.current().pid());
            assertThat(stranger.isClosed()).isFalse();
        }
        rig.untilReady("d");
    }

    @Test
    @DisplayName("G19 nothing happens to a suspended one, visibly; resumed, it is brought up to date once")
    void g19SuspendedIsLeftAlone() {
        long b = rig.pid("b");
        rig.ok("suspend", "b", "--reason=looking at it");
        rig.stack(TWO.replace("601", "602"));
        rig.until(() -> revision() == 2);
        rig.stack(TWO.replace("601", "603"));
        rig.until(() -> revision() == 3);
        assertThat(rig.pid("b")).isEqualTo(b);
        assertThat(rig.ok("status")).contains("suspended").contains("ada").contains("looking at it");
        Rig.kill(b, "KILL");
        rig.until(() -> !Rig.isAlive(b));
        rig.ok("resume", "b");
        rig.until(() -> rig.isReady("b") && rig.pid("b") != b);
        assertThat(rig.launch("b")).isEqualTo(2);
        assertThat(rig.ok("describe", "b")).contains("603");
    }

    @Test
    @DisplayName("G20 removed from the file and not yet ended: it is kept in sight until it is")
    void g20WhatDoesNotStopIsNotForgotten() {
        String stubborn = TWO
                + "  - {name: s, command: [sh, -c, 'trap \"\" TERM; while :; do sleep 0.1; done'], terminationGracePeriod: 1s}\n";
        rig.stack(stubborn);
        rig.untilReady("s");
        long s = rig.pid("s");
        rig.stack(TWO);
        rig.untilWord("s", "Terminating");
        assertThat(Rig.isAlive(s)).isTrue();
        rig.restart();
        assertThat(!rig.process("s").isMissingNode() || !Rig.isAlive(s)).isTrue();
        rig.until(() -> rig.process("s").isMissingNode());
        assertThat(Rig.isAlive(s)).isFalse();
        assertThat(rig.instances("s")).isEmpty();
        assertThat(List.of(rig.launch("a"), rig.launch("b"))).containsOnly(1L);
    }
}
