package mlxstack.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import mlxstack.reconcile.Event;
import mlxstack.reconcile.ExitStatus;
import mlxstack.reconcile.Identity;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a child is born with, and how its end is told. */
class SpawnTest {

    @TempDir
    Path dir;

    private Rig rig;

    @BeforeEach
    void start() {
        rig = new Rig(dir);
    }

    @AfterEach
    void stop() {
        rig.close();
    }

    @Test
    void exitCodeIsExact() {
        rig.shell("a", "exit 37");
        assertThat(rig.exit("a")).isEqualTo(new ExitStatus.Code(37));
    }

    @Test
    @DisplayName("R15: a child killed by SIGSEGV ends with that signal, by name")
    void r15SignalIsNamed() {
        rig.shell("a", "ulimit -c 0; kill -SEGV $$");
        assertThat(rig.exit("a")).isEqualTo(new ExitStatus.Signal(11, "SEGV", false));
    }

    @Test
    void birthIsToldBeforeTheEnd() {
        var told = new ArrayList<Event>();
        try (var processes = new Processes(rig.platform, event -> {
            synchronized (told) {
                told.add(event);
            }
            rig.events.add(event);
        })) {
            for (int i = 0; i < 50; i++) {
                long launch = i;
                processes.spawn("a", launch, rig.request("a", launch, "/bin/true"), identity -> {
                    synchronized (told) {
                        told.add(new Event.ProcessSpawned("a", launch, identity, ""));
                    }
                });
                assertThat(rig.next(Event.ProcessExited.class).launch()).isEqualTo(launch);
            }
        }
        assertThat(told).hasSize(100);
        for (int i = 0; i < 100; i += 2) {
            assertThat(told.get(i)).isInstanceOf(Event.ProcessSpawned.class);
            assertThat(told.get(i + 1)).isInstanceOf(Event.ProcessExited.class);
        }
    }

    @Test
    void statusesOf300ConcurrentChildrenAreExact() {
        for (int i = 0; i < 300; i++) {
            rig.spawn("c" + i, i, "/bin/sh", "-c", "exit " + i % 200);
        }
        for (int i = 0; i < 300; i++) {
            var exited = rig.next(Event.ProcessExited.class);
            assertThat(exited.status()).isEqualTo(new ExitStatus.Code((int) (exited.launch() % 200)));
        }
    }

    @Test
    void childLeadsItsOwnSessionAndGroup() {
        var identity = rig.spawn("a", 1, "/bin/sleep", "600");
        assertThat(rig.platform.look(identity.pid())).isInstanceOfSatisfying(Look.Seen.class, seen -> {
            assertThat(seen.row().session()).isEqualTo(identity.pid());
            assertThat(seen.row().group()).isEqualTo(identity.pid());
            assertThat(seen.row().start()).isEqualTo(identity.start());
        });
    }

    @Test
    void childHasNoDescriptorOfOurs() throws IOException {
        try (var _ = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                var _ = Files.newInputStream(Files.createFile(dir.resolve("open")))) {
            rig.shell("a", "ls -l /proc/self/fd | sed -n 's/.* \\([0-9]*\\) -> /\\1 /p'; echo end");
            rig.exit("a");
        }
        var lines = Files.readAllLines(rig.log("a"));
        assertThat(lines)
                .contains("0 /dev/null", "1 " + openLog(lines), "2 " + rig.log("a"), "end")
                // 3 is ls's own look at the directory
                .hasSize(5);
    }

    /** ls writes into sed's pipe. */
    private static String openLog(List<String> lines) {
        return lines.stream()
                .filter(l -> l.startsWith("1 "))
                .findFirst()
                .map(l -> l.substring(2))
                .filter(l -> l.startsWith("pipe:"))
                .orElse("a pipe");
    }

    @Test
    void childHasDefaultSignalsAndNoneBlocked() throws IOException {
        rig.shell("a", "grep -E 'Sig(Blk|Ign)' /proc/self/status");
        rig.exit("a");
        // Signals 32 and 33 are the C library's own.
        assertThat(Files.readAllLines(rig.log("a")))
                .extracting(l -> Long.parseLong(l.substring(8), 16) & 0x7fffffff)
                .containsExactly(0L, 0L);
    }

    @Test
    void childHasUmask077AndItsLogIsPrivateAndOnlyAppendedTo() throws IOException {
        Files.writeString(rig.log("a"), "before\n");
        rig.shell("a", "umask; : > made; pwd; echo after >&2");
        rig.exit("a");
        rig.shell("b", "true");
        rig.exit("b");
        assertThat(Files.readString(rig.log("a")))
                .startsWith("before\n")
                .endsWith("after\n")
                .contains("0077\n" + dir + "\n");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(dir.resolve("made"))))
                .isEqualTo("rw-------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(rig.log("b"))))
                .isEqualTo("rw-------");
    }

    @Test
    void environmentIsWhatWasAskedForAndTheNonce() throws IOException {
        var request = new SpawnRequest(
                List.of("env"), Map.of("PATH", "/usr/bin:/bin", "GREETING", "grüß dich"), dir, rig.log("a"), "h/a/1/x");
        rig.trySpawn("a", 1, request);
        rig.exit("a");
        assertThat(Files.readAllLines(rig.log("a")))
                .containsExactlyInAnyOrder("PATH=/usr/bin:/bin", "GREETING=grüß dich", "MLXSTACK_NONCE=h/a/1/x")
                .first()
                .isEqualTo("MLXSTACK_NONCE=h/a/1/x");
        assertThat(request.toString()).doesNotContain("dich");
    }

    @Test
    @DisplayName("S02: a stopped child hears TERM, because CONT follows")
    void s02StoppedChildEnds() {
        var identity = rig.spawn("a", 1, "/bin/sleep", "600");
        rig.platform.kill(identity.pid(), 19);
        assertThat(rig.processes.signal("a", 1, identity, "TERM")).isTrue();
        assertThat(rig.exit("a")).isEqualTo(new ExitStatus.Signal(15, "TERM", false));
    }

    @Test
    @DisplayName("S01: what ignores TERM ends by KILL")
    void s01KillEndsWhatIgnoresTerm() {
        var identity = rig.shell("a", "trap '' TERM; echo ready > ready; while :; do sleep 600; done");
        rig.text("ready");
        rig.processes.signal("a", 1, identity, "SIGTERM");
        rig.processes.signal("a", 1, identity, "KILL");
        assertThat(rig.exit("a")).isEqualTo(new ExitStatus.Signal(9, "KILL", false));
    }

    @Test
    @DisplayName("S06: a signal at the moment of the end is no error")
    void s06SignalRacingTheEnd() {
        for (int i = 0; i < 200; i++) {
            var identity = rig.spawn("a", i, "/bin/true");
            rig.processes.signal("a", i, identity, "TERM");
            assertThat(rig.next(Event.ProcessExited.class).launch()).isEqualTo(i);
            assertThat(rig.processes.signal("a", i, identity, "KILL")).isFalse();
        }
    }

    @Test
    @DisplayName("A04: a pid that belongs to another process now is never signalled")
    void a04OtherProcessIsNotSignalled() {
        var identity = rig.spawn("a", 1, "/bin/sleep", "600");
        var earlier = new Identity(identity.bootId(), identity.pid(), identity.start() - 1);
        assertThat(rig.processes.signal("b", 7, earlier, "KILL")).isFalse();
        assertThat(rig.processes.signal("a", 1, earlier, "KILL")).isFalse();
        assertThat(rig.lives(identity.pid())).isTrue();
    }

    @Test
    @DisplayName("A05: an identity of an earlier boot is never signalled")
    void a05EarlierBootIsNotSignalled() {
        var identity = rig.spawn("a", 1, "/bin/sleep", "600");
        var earlier = new Identity("another boot", identity.pid(), identity.start());
        assertThat(rig.processes.signal("b", 7, earlier, "KILL")).isFalse();
        assertThat(rig.lives(identity.pid())).isTrue();
    }

    @Test
    void unknownSignalIsRefused() {
        var identity = rig.spawn("a", 1, "/bin/sleep", "600");
        assertThat(rig.processes.signal("a", 1, identity, "NONSENSE")).isFalse();
        assertThat(rig.lives(identity.pid())).isTrue();
    }
}
