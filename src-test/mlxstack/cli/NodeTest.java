package mlxstack.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import mlxstack.api.MachineInfo;
import mlxstack.api.MachineInfo.Pressure;
import mlxstack.api.TestingControlPlane;
import mlxstack.reconcile.Units;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class NodeTest {

    private final TestingControlPlane plane = new TestingControlPlane(Units.state());
    private final Terminal terminal = new Terminal(plane);

    private static MachineInfo mac(Pressure pressure) {
        return new MachineInfo(
                "studio.local",
                "m4-max-128",
                "darwin",
                "arm64",
                "macOS 15.5 (24F74)",
                "Apple M4 Max",
                16,
                "Apple M4 Max",
                40,
                128L << 30,
                96L << 30,
                546,
                false,
                80L << 30,
                pressure,
                "Apple M4 Max, 40 GPU cores, 128 GiB, 546 GB/s");
    }

    @Test
    void getShowsTheMachine() throws InterruptedException {
        plane.machine = mac(Pressure.NORMAL);

        assertThat(terminal.run("get", "nodes").out().lines().map(line -> line.replaceAll(" {2,}", "|")))
                .first()
                .isEqualTo("NAME|STATUS|CHIP|MEMORY|FREE|AGE|VERSION");
        assertThat(terminal.out()).contains("local   Ready    Apple M4 Max   128Gi    80Gi   ");
        assertThat(terminal.run("get", "node/local", "-o", "wide").out())
                .contains("m4-max-128")
                .contains("96Gi")
                .contains("546 GB/s")
                .contains("macOS 15.5 (24F74)");
        assertThat(terminal.run("get", "no", "-o", "name").out()).isEqualTo("node/local\n");
        terminal.run("get", "node", "other");
        assertThat(terminal.err()).contains("nodes \"other\" not found");
    }

    @Test
    void itIsANodeAsKubernetesKnowsThem() throws InterruptedException {
        plane.machine = mac(Pressure.CRITICAL);
        var node = JsonMapper.shared()
                .readTree(terminal.run("get", "node", "local", "-o", "json").out());

        assertThat(node.path("apiVersion").asString()).isEqualTo("v1");
        assertThat(node.path("kind").asString()).isEqualTo("Node");
        assertThat(node.at("/metadata/labels/kubernetes.io~1arch").asString()).isEqualTo("arm64");
        assertThat(node.at("/status/capacity/cpu").asString()).isEqualTo("16");
        assertThat(node.at("/status/capacity/memory").asString()).isEqualTo("134217728Ki");
        assertThat(node.at("/status/conditions/0/type").asString()).isEqualTo("MemoryPressure");
        assertThat(node.at("/status/conditions/0/status").asString()).isEqualTo("True");
        assertThat(node.at("/status/conditions/1/type").asString()).isEqualTo("Ready");
        assertThat(node.at("/status/conditions/1/status").asString()).isEqualTo("True");
        for (var field : new String[] {"kubeletVersion", "osImage", "kernelVersion", "containerRuntimeVersion"}) {
            assertThat(node.path("status").path("nodeInfo").path(field).isString())
                    .as(field)
                    .isTrue();
        }
        assertThat(node.at("/status/hardware/bandwidth").asDouble()).isEqualTo(546);
        assertThat(terminal.run("get", "nodes").out()).contains("Ready,MemoryPressure");
    }

    @Test
    void describeAndStatusTellOfIt() throws InterruptedException {
        plane.machine = mac(Pressure.NORMAL);
        assertThat(terminal.run("describe", "node", "local").out())
                .containsPattern("Chip: +Apple M4 Max\n")
                .containsPattern("GPU Memory: +96Gi\n")
                .containsPattern("Memory Pressure: +normal\n")
                .containsPattern("Bandwidth: +546 GB/s\n");
        assertThat(terminal.run("status").out())
                .containsPattern("Machine: +Apple M4 Max, 40 GPU cores, 128 GiB, 546 GB/s, 80Gi free\n");
    }

    @Test
    void aMachineThatIsNotKnownYetIsLeftOut() throws InterruptedException {
        assertThat(terminal.run("status").out()).doesNotContain("Machine:");
        assertThat(terminal.run("get", "nodes").err()).contains("No resources found");
        plane.pass(Duration.ofSeconds(1));
    }
}
