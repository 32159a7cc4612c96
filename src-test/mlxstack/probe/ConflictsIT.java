package mlxstack.probe;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import mlxstack.reconcile.Condition;
import mlxstack.reconcile.Phase;
import mlxstack.reconcile.Unit;
import mlxstack.simulator.SimulatorMain;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Ports and memory that are not there for the taking, with real children and sockets. */
class ConflictsIT {

    @TempDir
    Path dir;

    private LittleDaemon daemon;

    @BeforeEach
    void start() {
        daemon = new LittleDaemon(dir);
    }

    @AfterEach
    void stop() throws IOException {
        daemon.close();
        try (var files = Files.newDirectoryStream(dir, "server.*")) {
            for (var file : files) {
                ProcessHandle.of(Long.parseLong(Files.readString(file).strip()))
                        .filter(p -> p.info().command().orElse("").endsWith("java"))
                        .ifPresent(ProcessHandle::destroyForcibly);
            }
        }
    }

    /** A process named {@code web} that does nothing. */
    private String web(String rest) {
        return """
                processes:
                  - name: web
                    command: [sleep, "600"]
                """ + rest.indent(4);
    }

    private static Condition condition(Unit unit, Condition.Type type) {
        return unit.conditions().get(type).getOrElseThrow(() -> new AssertionError(unit.conditions()));
    }

    @Test
    @DisplayName("P07: a port that somebody has keeps it from being started, by name and pid; not a crash")
    void p07TakenPort() throws IOException {
        try (var peer = new Peer(Peer.status(200))) {
            daemon.apply(web("ports: [%d]\n".formatted(peer.port())));
            var unit = daemon.await(
                    "web", u -> u.gate() != null && u.gate().reason().equals("PortConflict"));
            assertThat(condition(unit, Condition.Type.PortConflict).message())
                    .contains(
                            String.valueOf(peer.port()),
                            String.valueOf(ProcessHandle.current().pid()),
                            "java");
            assertThat(unit.streak().failures()).isZero();
            assertThat(daemon.log("web", 1)).doesNotExist();
        }
        daemon.await("web", u -> u.phase() instanceof Phase.Running);
    }

    @Test
    @DisplayName("P07: a health page answered by a foreign server does not make it Ready, and says PortConflict")
    void p07ForeignHealth() throws IOException {
        try (var peer = new Peer(Peer.status(200))) {
            daemon.withoutLookingAtPorts().apply(web("""
                    ports: [%d]
                    probes: {readiness: {http: {port: %d, path: /health}, period: 10ms, timeout: 30s}}
                    """.formatted(peer.port(), peer.port())));
            var unit = daemon.await("web", u -> u.conditions().containsKey(Condition.Type.PortConflict));
            assertThat(condition(unit, Condition.Type.PortConflict).message())
                    .contains(
                            String.valueOf(peer.port()),
                            String.valueOf(ProcessHandle.current().pid()));
            daemon.heard("stop that one, or give this one another port");
            assertThat(daemon.count("Ready serving")).isZero();
            assertThat(daemon.unit("web")).matches(u -> u != null && u.launch() == 1 && !u.ready());
        }
        daemon.await("web", u -> !u.conditions().containsKey(Condition.Type.PortConflict));
    }

    @Test
    @DisplayName("P08: a port held by what a dead launch left outside its session is freed, and the next one starts")
    void p08OrphanHoldsThePort() throws IOException {
        int port = freePort();
        // The server is in a session of its own, as a daemonizing launcher makes it; its parent stays.
        daemon.apply("""
                endpoints:
                  - name: fast
                    engine: command
                    command: [sh, -c, 'setsid %s -cp "$CP" %s --port %d & echo $! > server.$$; wait']
                    env: {CP: "%s"}
                    port: %d
                    workingDirectory: %s
                    memory: 1Mi
                    restart: {backoff: {initial: 10ms, max: 50ms}}
                    flapping: {restarts: 0}
                """.formatted(java(), SimulatorMain.class.getName(), port, LittleDaemon.classpath(), port, dir));
        var first = daemon.ready("fast");
        daemon.signal(first, "KILL");
        var second = daemon.await("fast", u -> u.launch() == 2 && u.ready());
        assertThat(LittleDaemon.identity(second)).isNotEqualTo(LittleDaemon.identity(first));
    }

    @Test
    @DisplayName("P08: a port held by our own instance of an earlier daemon: it is taken over, not started again")
    void p08OwnInstanceIsAdopted() throws IOException {
        int port = freePort();
        daemon.apply("""
                endpoints:
                  - {name: fast, engine: simulator, port: %d, memory: 1Mi}
                """.formatted(port));
        var identity = LittleDaemon.identity(daemon.ready("fast"));
        daemon.die();
        daemon = new LittleDaemon(dir, "/usr/bin:/bin", daemon.left());
        var unit = daemon.ready("fast");
        assertThat(LittleDaemon.identity(unit)).isEqualTo(identity);
        assertThat(unit.launch()).isEqualTo(1);
        assertThat(daemon.count("PortConflict")).isZero();
    }

    @Test
    @DisplayName("P09: what exceeds the memory budget is Pending with the reason, and not started before there is room")
    void p09MemoryBudget() {
        String spec = """
                memory: {budget: 40%, reserve: 8Gi}
                processes:
                  - {name: big, command: [sleep, "600"], memory: 20Gi, priority: 5}
                """;
        daemon.apply(spec + """
                  - {name: late, command: [sleep, "600"], memory: 6Gi}
                """);
        daemon.ready("big");
        var unit = daemon.await("late", u -> u.gate() != null);
        assertThat(unit.gate())
                .isEqualTo(new Unit.Gate("InsufficientMemory", "needs 6Gi, 5.6Gi of 25.6Gi are free", null));
        assertThat(daemon.log("late", 1)).doesNotExist();
        daemon.apply(spec.replace("20Gi", "19Gi") + """
                  - {name: late, command: [sleep, "600"], memory: 6Gi}
                """);
        daemon.ready("late");
    }

    private static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    static int freePort() throws IOException {
        try (var socket = new java.net.ServerSocket(0, 1, java.net.InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
