package mlxstack.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import mlxstack.probe.LittleDaemon;
import mlxstack.probe.Peer;
import mlxstack.reconcile.Condition;
import mlxstack.reconcile.Phase;
import mlxstack.reconcile.Unit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The real {@code mlx_lm.server} with a tiny model. It stays alive for ever with its port taken or its model
 * unloadable, and its health page is well before the model is loaded.
 */
class RealMlxLmIT {

    /** Shared, so that it is asked for its help once. */
    @TempDir
    static Path dir;

    private static final String PATIENT = "probes: {startup: {period: 10s, failureThreshold: 60}}";
    private static final String IMPATIENT = "probes: {startup: {period: 100ms, failureThreshold: 1}}";

    private static String path;
    private static Path model;

    private LittleDaemon daemon;

    @BeforeAll
    static void install() throws IOException {
        path = Peers.mlxLm();
        model = TinySafetensors.write(dir.resolve("tiny"));
    }

    @BeforeEach
    void start() {
        daemon = new LittleDaemon(dir, path, LittleDaemon.Left.NOTHING);
    }

    @AfterEach
    void stop() {
        daemon.close();
    }

    private static String endpoint(Path model, String... rest) {
        return """
                endpoints:
                  - name: tiny
                    engine: mlx-lm
                    model: %s
                    memory: 500Mi
                    env: {HF_HUB_OFFLINE: "1", HF_HOME: %s}
                    restart: {backoff: {initial: 1s, max: 1s}}
                    flapping: {restarts: 0}
                """.formatted(model, dir.resolve("hub"))
                + String.join("\n", rest).indent(4);
    }

    private static String readiness(Unit unit) {
        return unit.conditions().get(Condition.Type.Ready).get().message();
    }

    private void logged(String part) {
        Awaitility.await(part)
                .atMost(LittleDaemon.LONG)
                .until(() -> Files.readString(daemon.log("tiny", 1)).contains(part));
    }

    @Test
    @DisplayName(
            "P02: it serves; killed, it is started again; stopped in its tracks, it fails liveness and is replaced")
    void p02ServesCrashedHung() throws Exception {
        daemon.apply(endpoint(model, "probes: {liveness: {period: 200ms, timeout: 2s, failureThreshold: 2}}"));
        var first = daemon.ready("tiny");
        int port = java.util.Objects.requireNonNull(first.port());
        assertThat(Conversation.chat(port, "default_model", 5))
                .startsWith("200 ")
                .contains("\"choices\"");
        assertThat(Conversation.get(port, "/v1/models")).contains(model.toString());

        daemon.signal(first, "KILL");
        var second = daemon.await("tiny", u -> u.launch() > first.launch() && u.ready());
        assertThat(second.port()).isEqualTo(port);

        daemon.signal(second, "STOP");
        daemon.heard("liveness probe failed: port " + port + ": no answer within 2s");
        var third = daemon.await("tiny", u -> u.launch() > second.launch() && u.ready());
        assertThat(third.port()).isEqualTo(port);
        assertThat(daemon.count("Killing stopping (liveness probe failed)")).isEqualTo(1);
        assertThat(Conversation.chat(port, "default_model", 1)).startsWith("200 ");
    }

    @Test
    @DisplayName(
            "P07: alive without its port it is not Ready, whoever answers there; at the deadline it is ended and starts anew")
    void p07PortTaken() throws IOException {
        try (var peer = Peer.flatterer()) {
            var port = "port: " + peer.port();
            daemon.withoutLookingAtPorts().apply(endpoint(model, port, PATIENT));
            logged("Address already in use");
            var unit = daemon.await("tiny", u -> u.conditions().containsKey(Condition.Type.PortConflict));
            assertThat(unit.phase()).isInstanceOf(Phase.Running.class);
            assertThat(readiness(unit))
                    .contains(
                            "port " + peer.port(),
                            String.valueOf(ProcessHandle.current().pid()));
            peer.leave();
            daemon.await("tiny", u -> readiness(u).equals("nothing listens on port " + peer.port()));
            assertThat(daemon.count("Crashed")).as("it lives on").isZero();
            daemon.apply(endpoint(model, port, IMPATIENT));
            daemon.heard("Killing stopping (start-up took too long)");
            assertThat(daemon.count("Ready serving")).isZero();
            daemon.apply(endpoint(model, port, PATIENT));
            daemon.ready("tiny");
        }
    }

    @Test
    @DisplayName("with a model that cannot be loaded it lives on and is never Ready; at the deadline it is ended")
    void unloadableModel() throws IOException {
        var broken = TinySafetensors.write(dir.resolve("broken"));
        var weights = broken.resolve("model.safetensors");
        var whole = Files.readAllBytes(weights);
        Files.write(weights, java.util.Arrays.copyOf(whole, whole.length / 2));
        daemon.apply(endpoint(broken, PATIENT));
        var unit = daemon.await(
                "tiny", u -> u.phase() instanceof Phase.Running && readiness(u).contains("HTTP 503"));
        assertThat(Files.readString(daemon.log("tiny", unit.launch()))).contains("Traceback");
        assertThat(daemon.count("Crashed")).as("it lives on").isZero();
        daemon.apply(endpoint(broken, IMPATIENT));
        daemon.heard("Killing stopping (start-up took too long)");
        assertThat(daemon.count("Ready serving")).isZero();
    }
}
