package mlxstack.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The command line and its socket, with a whole daemon behind them. */
class ControlIT {

    private static final String[] NAMES = {"a", "b", "c"};
    private static final String SLEEPERS = """
            processes:
              - {name: a, command: [sleep, "1000"]}
              - {name: b, command: [sleep, "1000"]}
              - {name: c, command: [sleep, "1000"]}
            gateway: {engine: none}
            """;

    private final ForkedRig rig = new ForkedRig();
    private final Gate gate = new Gate(rig.dir.resolve("gate"));
    private final List<Process> clients = new ArrayList<>();

    @BeforeEach
    void start() {
        rig.stack(SLEEPERS).start().untilReady(NAMES);
    }

    @AfterEach
    void end() {
        clients.forEach(ControlIT::kill);
        rig.close();
    }

    /** The script and what it has started. */
    private static void kill(Process client) {
        client.descendants().forEach(ProcessHandle::destroyForcibly);
        client.destroyForcibly();
    }

    private Process client(String... args) throws IOException {
        var client = rig.client(args).redirectErrorStream(true).start();
        clients.add(client);
        return client;
    }

    private static int exit(Process client) throws InterruptedException {
        assertThat(client.waitFor(Testbed.LONG.toSeconds(), TimeUnit.SECONDS)).isTrue();
        return client.exitValue();
    }

    private long descriptors() throws IOException {
        try (Stream<Path> all = Files.list(Path.of("/proc/" + rig.daemon().pid() + "/fd"))) {
            return all.count();
        }
    }

    @Test
    @DisplayName("P14 200 calls at once, half of them killed mid-way: all others are answered, and everything adds up")
    void p14ManyCallsAtOnce() throws IOException, InterruptedException {
        long before = descriptors();
        var followers = new ArrayList<Process>();
        var callers = new ArrayList<Process>();
        for (int i = 0; i < 100; i++) {
            String name = NAMES[i % 3];
            followers.add(
                    switch (i % 4) {
                        case 0 -> client("get", "-w");
                        case 1 -> client("get", "events", "-w");
                        case 2 -> client("get", "-w", "-o", "json");
                        default -> client("rollout", "status");
                    });
            callers.add(
                    switch (i % 5) {
                        case 0 -> client("get", "-o", "json");
                        case 1 -> client("describe", name);
                        case 2 -> client("stop", name);
                        case 3 -> client("start", name);
                        default -> client("restart", name);
                    });
        }
        for (Process follower : followers) {
            // It is in the middle of its answer, or has had all of it.
            assertThat(follower.getInputStream().read()).isGreaterThan(0);
        }
        followers.forEach(ControlIT::kill);
        long asked = System.nanoTime();
        assertThat(rig.ok("get", "-o", "name").lines()).hasSize(3);
        assertThat(Duration.ofNanos(System.nanoTime() - asked)).isLessThan(Duration.ofSeconds(20));
        for (Process caller : callers) {
            String said = new String(caller.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            // Whose stop met another's start is told so.
            assertThat(exit(caller) == 0 || said.contains("was started again"))
                    .as(said)
                    .isTrue();
        }
        rig.ok("start", "a", "b", "c");
        rig.untilReady(NAMES);
        for (String name : NAMES) {
            assertThat(rig.leaders(name)).containsExactly(rig.pid(name));
            assertThat(rig.restarts(name)).isZero();
        }
        // Nobody who has gone is remembered.
        rig.until(() -> descriptors() <= before + 5);
    }

    private Path file(String name, String spec) throws IOException {
        return Files.writeString(
                rig.dir.resolve(name),
                "apiVersion: mlxstack.dev/v1\nkind: Stack\nmetadata: {name: test}\nspec:\n" + spec.indent(2));
    }

    @Test
    @DisplayName("P17 diff exits with 0 for no change, 1 for some, 2 for what is no stack, and does nothing")
    void p17Diff() throws IOException {
        var same = file("same.yaml", SLEEPERS);
        var other = file("other.yaml", SLEEPERS.replace("name: a, ", "name: a, env: {NEW: \"1\"}, "));
        var broken = file("broken.yaml", SLEEPERS.replace("command", "comand"));
        assertThat(rig.ctl("diff").code()).isZero();
        assertThat(rig.ctl("diff", "-f", same.toString()).code()).isZero();
        var changed = rig.ctl("diff", "-f", other.toString());
        assertThat(changed.code()).isEqualTo(1);
        assertThat(changed.out()).contains("a").doesNotContain("b ");
        var refused = rig.ctl("diff", "-f", broken.toString());
        assertThat(refused.code()).isEqualTo(2);
        assertThat(refused.err()).contains("broken.yaml:").contains("comand").contains("command");
        assertThat(rig.run(rig.client("diff", "-f", "-").redirectInput(other.toFile()))
                        .code())
                .isEqualTo(1);
        assertThat(rig.ctl("diff", "-f", rig.dir.resolve("none.yaml").toString())
                        .code())
                .isEqualTo(2);
        assertThat(rig.ctl("diff", "--no-such-option").code()).isEqualTo(2);
        for (String name : NAMES) {
            assertThat(rig.launch(name)).isEqualTo(1);
        }
        rig.kill9();
        assertThat(rig.ctl("diff").code()).isEqualTo(2);
    }

    @Test
    @DisplayName("P18 wait and rollout status keep waiting while what is observed is older than what is wanted")
    void p18Stale() throws IOException, InterruptedException {
        String edited = SLEEPERS.replace("[sleep, \"1000\"]}", "[sleep, \"1001\"], probes: " + gate.readiness() + "}");
        rig.stack(edited);
        rig.until(() -> rig.launch("a") == 2 && rig.pid("a") > 0);
        assertThat(rig.process("a").at("/metadata/generation").asLong()).isEqualTo(2);
        assertThat(rig.status("a").path("observedGeneration").asLong()).isEqualTo(1);
        var rollout = client("rollout", "status", "a");
        var line = new StringBuilder();
        for (int c = rollout.getInputStream().read();
                c != '\n';
                c = rollout.getInputStream().read()) {
            line.append((char) c);
        }
        assertThat(line).contains("Waiting for rollout of process \"a\"");
        var wait = client("wait", "a", "--for=condition=Ready", "--timeout=-1s");
        assertThat(rig.ctl("wait", "a", "--for=condition=Ready", "--timeout=1ms")
                        .code())
                .isEqualTo(1);
        assertThat(rig.ctl("rollout", "status", "a", "--timeout=1ms").code()).isEqualTo(1);
        // Another step that is not it.
        rig.stack(edited.replace("name: a, ", "name: a, description: more, "));
        rig.until(() -> rig.process("a").at("/metadata/generation").asLong() == 3);
        assertThat(rig.status("a").path("observedGeneration").asLong()).isEqualTo(1);
        assertThat(rollout.isAlive()).isTrue();
        assertThat(wait.isAlive()).isTrue();
        gate.open();
        assertThat(exit(rollout)).isZero();
        assertThat(exit(wait)).isZero();
        assertThat(rig.status("a").path("observedGeneration").asLong()).isEqualTo(3);
    }

    @Test
    @DisplayName("P15 the control socket is the owner's alone, and the daemon listens nowhere else")
    void p15OwnersAlone() throws IOException {
        assertThat(mode(rig.home.socket())).isEqualTo("rw-------");
        assertThat(mode(rig.home.root())).isEqualTo("rwx------");
        assertThat(listening()).isEmpty();
        try (Stream<Path> all = Files.walk(rig.home.root())) {
            assertThat(all.filter(p -> !Files.isSymbolicLink(p) && !p.equals(rig.file())))
                    .allSatisfy(p -> assertThat(mode(p)).as(p.toString()).endsWith("------"));
        }
    }

    private static String mode(Path file) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
    }

    /** Inodes of the TCP listeners that the daemon holds. */
    private Set<String> listening() throws IOException {
        var listeners = new HashSet<String>();
        for (String table : List.of("tcp", "tcp6")) {
            for (String line : Files.readAllLines(Path.of("/proc/net", table))) {
                String[] fields = line.strip().split("\\s+");
                if (fields[3].equals("0A")) {
                    listeners.add("socket:[" + fields[9] + "]");
                }
            }
        }
        var held = new HashSet<String>();
        try (var all = Files.newDirectoryStream(Path.of("/proc/" + rig.daemon().pid() + "/fd"))) {
            for (Path descriptor : all) {
                held.add(Files.readSymbolicLink(descriptor).toString());
            }
        }
        held.retainAll(listeners);
        return held;
    }
}
