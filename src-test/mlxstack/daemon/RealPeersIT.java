package mlxstack.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import mlxstack.engine.Conversation;
import mlxstack.engine.Peers;
import mlxstack.engine.TinyGguf;
import mlxstack.engine.TinySafetensors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The real llama.cpp server and the real {@code mlx_lm.server} under a whole daemon, spoken to through the gateway. */
class RealPeersIT {

    @TempDir
    Path models;

    private final Rig rig = new Rig();
    private int gateway;

    @AfterEach
    void end() {
        rig.close();
    }

    private void start(String name, String engine, Path model, String path) throws IOException {
        gateway = freePort();
        rig.stack("""
                endpoints:
                  - name: %s
                    engine: %s
                    model: %s
                    memory: 500Mi
                    env: {PATH: "%s", HF_HUB_OFFLINE: "1", HF_HOME: %s}
                    restart: {backoff: {initial: 10ms, max: 100ms}}
                    flapping: {restarts: 0}
                    probes: {liveness: {period: 200ms, timeout: 2s, failureThreshold: 2}}
                gateway: {listen: "127.0.0.1:%d"}
                """.formatted(name, engine, model, path, models.resolve("hub"), gateway))
                .start();
        rig.untilReady(name, "gateway");
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /** Whatever happened to it, the next answer is whole. */
    private void answers(String name) {
        rig.until(() -> {
            var said = Conversation.chat(gateway, name, 3);
            return said.startsWith("200 ") && said.contains("\"choices\"");
        });
    }

    private void survives(String name) {
        answers(name);
        long first = rig.pid(name);

        Rig.kill(first, "KILL");
        rig.until(() -> rig.restarts(name) == 1 && rig.isReady(name));
        answers(name);
        long second = rig.pid(name);
        assertThat(second).isNotEqualTo(first);

        Rig.kill(second, "STOP");
        rig.until(() -> rig.restarts(name) == 2 && rig.isReady(name));
        answers(name);
        assertThat(rig.events("Unhealthy")).anyMatch(line -> line.contains("no answer within 2s"));
        assertThat(rig.restarts(name)).isEqualTo(2);

        long third = rig.pid(name);
        rig.restart();
        rig.untilReady(name);
        assertThat(rig.pid(name)).isEqualTo(third);
        assertThat(rig.restarts(name)).isEqualTo(2);
        answers(name);

        rig.ok("restart", name);
        rig.until(() -> rig.pid(name) != third && rig.isReady(name));
        answers(name);
        assertThat(rig.instances(name)).as("launches that still run").hasSize(1);
    }

    @Test
    @DisplayName(
            "llama.cpp: serves, crashes, hangs, outlives the daemon, is restarted, and answers through the gateway")
    void llamaServer() throws IOException {
        start("tiny", "llama-server", TinyGguf.write(models.resolve("tiny.gguf")), Peers.llamaServer());
        survives("tiny");
    }

    @Test
    @DisplayName("mlx-lm: serves, crashes, hangs, outlives the daemon, is restarted, and answers through the gateway")
    void mlxLm() throws IOException {
        start("small", "mlx-lm", TinySafetensors.write(models.resolve("small")), Peers.mlxLm());
        survives("small");
    }
}
