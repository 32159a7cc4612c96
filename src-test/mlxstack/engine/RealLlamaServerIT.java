package mlxstack.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import mlxstack.probe.LittleDaemon;
import mlxstack.probe.Peer;
import mlxstack.reconcile.Command;
import mlxstack.reconcile.Condition;
import mlxstack.reconcile.Event;
import mlxstack.reconcile.Phase;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The real llama.cpp server with a tiny model: started by our command line, crashed, hung, and never mistaken. */
class RealLlamaServerIT {

    @TempDir
    static Path dir;

    private static String path;
    private static Path model;

    private LittleDaemon daemon;

    @BeforeAll
    static void install() throws IOException {
        path = Peers.llamaServer();
        model = TinyGguf.write(dir.resolve("tiny.gguf"));
    }

    @BeforeEach
    void start() {
        daemon = new LittleDaemon(dir, path, LittleDaemon.Left.NOTHING);
    }

    @AfterEach
    void stop() {
        daemon.close();
    }

    private static String endpoint(Object model, String rest) {
        return """
                endpoints:
                  - name: tiny
                    engine: llama-server
                    model: %s
                    memory: 100Mi
                    contextWindow: 1024
                    concurrency: 2
                    restart: {backoff: {initial: 10ms, max: 100ms}}
                    flapping: {restarts: 0}
                """.formatted(model) + rest.indent(4);
    }

    @Test
    void servesAndIsStopped() throws Exception {
        daemon.apply(endpoint(model, ""));
        var unit = daemon.ready("tiny");
        int port = java.util.Objects.requireNonNull(unit.port());
        assertThat(port).isGreaterThanOrEqualTo(8000);
        assertThat(Conversation.chat(port, "tiny", 5))
                .startsWith("200 ")
                .contains("\"choices\"", "\"completion_tokens\":5");
        assertThat(Conversation.get(port, "/v1/models")).contains("\"tiny\"");
        assertThat(Conversation.get(port, "/props")).contains("\"total_slots\":2", "\"n_ctx\":1024");
        daemon.tell(new Event.Commanded(new Command.Stop("tiny", "test", null)));
        unit = daemon.await("tiny", u -> u.phase() instanceof Phase.Idle);
        assertThat(unit.last())
                .isNotNull()
                .satisfies(last -> assertThat(last.status().isSuccess()).isTrue());
    }

    @Test
    @DisplayName("a name of the catalog is served from the cache of the hub")
    void servesAModelOfTheCatalog() throws Exception {
        var repository = dir.resolve("user/.cache/huggingface/hub/models--me--tiny-GGUF");
        var snapshot = Files.createDirectories(repository.resolve("snapshots/0123456789"));
        Files.copy(model, snapshot.resolve("tiny-F32.gguf"));
        Files.writeString(Files.createDirectories(repository.resolve("refs")).resolve("main"), "0123456789");
        Files.writeString(Files.createDirectories(dir.resolve("home/catalog")).resolve("tiny.yaml"), """
                id: tiny-house
                name: Tiny
                family: tiny
                parameters: {total: 0.001}
                contextWindow: 1024
                sources: [{format: gguf, repo: me/tiny-GGUF, quant: F32, file: tiny-F32.gguf}]
                """);
        daemon.apply(endpoint("tiny-house", ""));
        var unit = daemon.ready("tiny");
        assertThat(Conversation.chat(java.util.Objects.requireNonNull(unit.port()), "tiny", 3))
                .startsWith("200 ")
                .contains("\"completion_tokens\":3");
    }

    @Test
    @DisplayName("killed, it is started again and serves on the same port")
    void crashed() throws Exception {
        daemon.apply(endpoint(model, ""));
        var first = daemon.ready("tiny");
        daemon.signal(first, "KILL");
        var second = daemon.await("tiny", u -> u.launch() > first.launch() && u.ready());
        assertThat(second.port()).isEqualTo(first.port());
        assertThat(second.streak().restarts()).isEqualTo(1);
        assertThat(Conversation.chat(java.util.Objects.requireNonNull(second.port()), "tiny", 1))
                .startsWith("200 ");
    }

    @Test
    @DisplayName("P02: stopped in its tracks, it fails liveness, is ended once, and another serves")
    void p02Hung() {
        daemon.apply(endpoint(model, "probes: {liveness: {period: 200ms, timeout: 2s, failureThreshold: 2}}"));
        var first = daemon.ready("tiny");
        daemon.signal(first, "STOP");
        daemon.heard("liveness probe failed: port " + first.port() + ": no answer within 2s");
        var second = daemon.await("tiny", u -> u.launch() > first.launch() && u.ready());
        assertThat(second.port()).isEqualTo(first.port());
        assertThat(daemon.count("Killing stopping (liveness probe failed)")).isEqualTo(1);
    }

    @Test
    @DisplayName("P07: with its port in the hands of a server that answers everything well, it is not Ready")
    void p07PortTaken() throws IOException {
        try (var peer = Peer.flatterer()) {
            daemon.withoutLookingAtPorts().apply(endpoint(model, "port: " + peer.port()));
            daemon.await("tiny", u -> u.launch() >= 3);
            assertThat(daemon.count("tiny Crashed exit code 1")).isPositive();
            assertThat(daemon.count("Ready serving")).isZero();
            assertThat(Files.readString(daemon.log("tiny", 1))).contains("llama-server: ");
        }
        daemon.ready("tiny");
    }

    @Test
    void aFileThatIsNoModelNeverBecomesReady() throws IOException {
        var whole = Files.readAllBytes(model);
        var broken = Files.write(dir.resolve("broken.gguf"), java.util.Arrays.copyOf(whole, whole.length / 2));
        daemon.apply(endpoint(broken, ""));
        var unit = daemon.await("tiny", u -> u.launch() >= 3 && u.streak().failures() >= 2);
        assertThat(unit.conditions().get(Condition.Type.Ready).get().status()).isEqualTo(Condition.Status.False);
        assertThat(daemon.count("Ready serving")).isZero();
        assertThat(daemon.count("tiny Crashed exit code 1")).isPositive();
    }

    @Test
    void aModelThatIsNotThereIsNamedAndNothingIsStarted() {
        daemon.apply(endpoint(dir.resolve("absent.gguf"), ""));
        daemon.await("tiny", u -> u.gate() != null && u.gate().reason().equals("ModelMissing"));
        daemon.heard("absent.gguf does not exist");
        assertThat(daemon.count("Started")).isZero();
    }
}
