package mlxstack.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import mlxstack.bench.Benchmarks;
import mlxstack.engine.Peers;
import mlxstack.engine.TinyGguf;
import mlxstack.engine.TinySafetensors;
import mlxstack.hardware.Detector;
import mlxstack.store.Home;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The real servers, started for the time being and measured. */
class BenchVerbIT {

    @TempDir
    private Path work;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private Home home;

    @BeforeEach
    void home() {
        home = new Home(work.resolve("home"));
    }

    /** Nothing runs on. */
    @AfterEach
    void daemons() {
        assertThat(new Daemons.OfHome(new Home(home.root().resolve("bench"))).running())
                .isNull();
    }

    private int run(String path, String... args) throws InterruptedException {
        out.reset();
        err.reset();
        var environment = new HashMap<>(System.getenv());
        environment.putAll(Map.of(
                "MLXSTACK_HOME",
                home.root().toString(),
                "PATH",
                path,
                "HF_HUB_OFFLINE",
                "1",
                "HF_HOME",
                work.resolve("hub").toString()));
        return Main.run(
                List.of(args),
                environment,
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8));
    }

    private void measures(String path, Path model) throws InterruptedException {
        int code = run(
                path,
                "bench",
                model.toString(),
                "--runs",
                "6",
                "--prompt-tokens",
                "64",
                "--max-tokens",
                "8",
                "--save",
                "--concurrency",
                "1,2",
                "-o",
                "json");

        assertThat(code).as(() -> err + " " + out).isZero();
        JsonNode report = JsonMapper.shared().readTree(out.toByteArray());
        assertThat(report.path("figures")).hasSize(2);
        var one = report.path("figures").path(0);
        // A model of noise ends some answers before they begin.
        assertThat(one.path("answers").asInt()).isBetween(1, 6);
        assertThat(one.path("tokensCounted").asBoolean()).isTrue();
        assertThat(one.path("generation").path("median").asDouble()).isPositive();
        assertThat(one.path("prompt").path("median").asDouble()).isPositive();
        assertThat(report.path("figures").path(1).path("clients").asInt()).isEqualTo(2);
        // What came of nothing but noise calls no tool.
        assertThat(report.path("tools").path("ok").asBoolean(true)).isFalse();
        assertThat(report.path("memoryBytes").asLong()).isGreaterThan(10_000_000);
        String hardware = Detector.ofThisMachine().hardware().id();
        assertThat(Benchmarks.read(home.root(), hardware).get().figures())
                .singleElement()
                .satisfies(kept -> {
                    assertThat(kept.repo()).isEqualTo(model.toString());
                    assertThat(kept.generation())
                            .isEqualTo(one.path("generation").path("median").asDouble());
                    assertThat(kept.memoryBytes()).isGreaterThan(10_000_000);
                });
    }

    @Test
    void llamaServer() throws IOException, InterruptedException {
        measures(Peers.llamaServer(), TinyGguf.write(work.resolve("tiny.gguf")));
    }

    @Test
    void mlxLm() throws IOException, InterruptedException {
        measures(Peers.mlxLm(), TinySafetensors.write(work.resolve("small")));
    }

    @Test
    void whatCannotStartIsToldAndLeavesNothing() throws IOException, InterruptedException {
        Path broken = work.resolve("broken.gguf");
        Files.writeString(broken, "this is no model");

        assertThat(run(Peers.llamaServer(), "bench", broken.toString())).isEqualTo(1);

        assertThat(err).asString().contains("error: it cannot start: ").contains("its log is ");
    }

    @Test
    void whatIsUnknownIsToldWithItsNeighbour() throws InterruptedException {
        assertThat(run("/usr/bin:/bin", "bench", "qwen3-8")).isEqualTo(1);

        assertThat(err)
                .asString()
                .startsWith("error: \"qwen3-8\" is no endpoint that runs and no model of the catalog")
                .contains("qwen3-8b");
    }
}
