package mlxstack.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/**
 * Every example is brought up: its models by simulators, programs this machine may lack by a shell that waits, ports by
 * free ones. Names, order, dependencies, environment and files are the example's own.
 */
class ExamplesIT {

    private static final YAMLMapper YAML = new YAMLMapper();

    private final Rig rig = new Rig();
    private final Map<Integer, Integer> ports = new HashMap<>();

    @AfterEach
    void end() {
        rig.close();
    }

    static List<Path> examples() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("examples"))) {
            return files.filter(file -> file.toString().endsWith(".yaml"))
                    .sorted()
                    .toList();
        }
    }

    @ParameterizedTest
    @MethodSource("examples")
    void comesUp(Path example) throws IOException {
        try (Stream<Path> files = Files.list(example.resolveSibling(""))) {
            for (Path file : files.toList()) {
                Files.copy(file, rig.home.root().resolve(file.getFileName()));
            }
        }
        var stack = (ObjectNode) YAML.readTree(Files.readString(example));
        var spec = (ObjectNode) stack.path("spec");
        // How much the machine of a test has is not the example's affair.
        spec.remove("memory");
        spec.path("endpoints").forEach(endpoint -> simulated((ObjectNode) endpoint));
        spec.path("processes").forEach(process -> harmless((ObjectNode) process));
        spec.withObject("gateway").put("listen", "127.0.0.1:" + free(4000));
        moved(spec);
        rig.write(stack.toString()).start();

        rig.untilReady("gateway");
        for (var list : List.of("endpoints", "processes")) {
            for (var workload : spec.path(list)) {
                var name = workload.path("name").asString();
                if (workload.path("replicas").asInt(1) == 0) {
                    rig.until(() -> rig.process(name).isObject());
                    assertThat(rig.pid(name)).as(name).isZero();
                } else if (workload.at("/restart/policy").asString("").equals("OnFailure")) {
                    rig.untilWord(name, "Completed");
                } else {
                    rig.untilReady(name);
                }
            }
        }
        assertThat(rig.ctl("status").out()).doesNotContain("invalid");
    }

    private void simulated(ObjectNode endpoint) {
        if (!endpoint.path("engine").asString().equals("simulator")) {
            endpoint.put("engine", "simulator").remove(List.of("model", "command", "args"));
        }
        int port = endpoint.path("port").asInt(0);
        endpoint.put("port", port == 0 ? free(-ports.size() - 1) : port);
    }

    private static void harmless(ObjectNode process) {
        if (!process.path("command").path(0).asString().equals("sh")) {
            process.remove(List.of("args", "probes", "workingDirectory"));
            process.putArray("command").add("sh").add("-c").add("while :; do sleep 1; done");
        }
    }

    /** Every port that is written down becomes a free one, the same everywhere. */
    private void moved(JsonNode node) {
        if (node instanceof ObjectNode object) {
            if (object.path("port").isInt()) {
                object.put("port", free(object.path("port").asInt()));
            }
            if (object.path("ports") instanceof ArrayNode list) {
                for (int i = 0; i < list.size(); i++) {
                    list.set(
                            i,
                            YAML.getNodeFactory().numberNode(free(list.path(i).asInt())));
                }
            }
        }
        node.forEach(this::moved);
    }

    private int free(int port) {
        if (ports.containsValue(port)) {
            return port;
        }
        return ports.computeIfAbsent(port, _ -> {
            try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                return socket.getLocalPort();
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        });
    }
}
