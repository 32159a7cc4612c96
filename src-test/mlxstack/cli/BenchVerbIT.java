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
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import mlxstack.bench.Benchmarks;
import mlxstack.engine.Peers;
import mlxstack.engine.TinyGguf;
import mlxstack.engine.TinySafetensors;
import mlxstack.hardware.Detector;
import mlxstack.pull.TestHub;
import mlxstack.store.Home;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
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
    private final Map<String, String> more = new HashMap<>();
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
        environment.putAll(more);
        return Main.run(
                List.of(args),
                environment,
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8));
    }

    private JsonNode bench(String path, Path model) throws InterruptedException {
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
        return JsonMapper.shared().readTree(out.toByteArray());
    }

    private static double speed(JsonNode report) {
        return report.path("figures").path(0).path("generation").path("median").asDouble();
    }

    private void measures(String path, Path model) throws InterruptedException {
        var report = bench(path, model);
        // A model of noise may end all its answers with their first words, which have no speed.
        for (int i = 0; i < 3 && speed(report) == 0; i++) {
            report = bench(path, model);
        }
        assertThat(report.path("figures")).hasSize(2);
        var one = report.path("figures").path(0);
        // A model of noise ends some answers before they begin.
        assertThat(one.path("answers").asInt()).isBetween(1, 6);
        assertThat(one.path("tokensCounted").asBoolean()).isTrue();
        double speed = speed(report);
        assertThat(speed).isPositive();
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
                    assertThat(kept.generation()).isEqualTo(speed);
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
    void whatHasBeenPulledIsMeasuredAndTheFiguresAreKept() throws IOException, InterruptedException {
        byte[] model = Files.readAllBytes(TinyGguf.write(work.resolve("tiny.gguf")));
        try (var hub = new TestHub().with("tiny/Tiny-GGUF", "Tiny-Q8_0.gguf", model)) {
            more.putAll(Map.of("HF_ENDPOINT", hub.address(), "HF_HUB_OFFLINE", ""));

            int code = run(Peers.llamaServer(), "pull", "tiny/Tiny-GGUF", "--bench");

            assertThat(code).as(() -> err + " " + out).isZero();
            assertThat(hub.sent("Tiny-Q8_0.gguf")).isEqualTo(model.length);
        }
        assertThat(out).asString().contains("pulled tiny/Tiny-GGUF").contains("TOKENS/S");
        assertThat(Benchmarks.read(
                                home.root(), Detector.ofThisMachine().hardware().id())
                        .get()
                        .figures())
                .singleElement()
                .satisfies(kept -> {
                    assertThat(kept.repo()).isEqualTo("tiny/Tiny-GGUF");
                    assertThat(kept.quant()).isEqualTo("Q8_0");
                    assertThat(kept.generation()).isPositive();
                });
    }

    @Test
    void aModelThatCannotBeMeasuredIsPulledAllTheSame() throws InterruptedException {
        try (var hub = new TestHub().with("tiny/Broken-GGUF", "Broken-Q8_0.gguf", TestHub.bytes(1, 2000))) {
            more.putAll(Map.of("HF_ENDPOINT", hub.address(), "HF_HUB_OFFLINE", ""));

            assertThat(run(Peers.llamaServer(), "pull", "tiny/Broken-GGUF", "--bench"))
                    .isZero();
        }
        assertThat(err)
                .asString()
                .contains("error: it cannot start: ")
                .endsWith("the model is here; only its speed is not known\n");
    }

    @Test
    void whatCannotStartIsToldAndLeavesNothing() throws IOException, InterruptedException {
        Path broken = work.resolve("broken.gguf");
        Files.writeString(broken, "this is no model");

        assertThat(run(Peers.llamaServer(), "bench", broken.toString())).isEqualTo(1);

        assertThat(err).asString().contains("error: it cannot start: ").contains("its log is ");
    }

    @Test
    @DisplayName("9.3 Benchmark: ended in the middle, as by Ctrl-C, it takes its server along")
    void endedInTheMiddle() throws Exception {
        Path model = TinyGguf.write(work.resolve("tiny.gguf"));
        var builder = new ProcessBuilder(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                "mlxstack.cli.Main",
                "bench",
                model.toString(),
                "--runs",
                "100000",
                "--max-tokens",
                "8"));
        builder.environment().put("MLXSTACK_HOME", home.root().toString());
        builder.environment().put("PATH", Peers.llamaServer());
        var bench = builder.redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
        try (var said = bench.errorReader(StandardCharsets.UTF_8)) {
            assertThat(said.lines().anyMatch(line -> line.contains("100000 requests")))
                    .as("it measures")
                    .isTrue();
            var daemon = Objects.requireNonNull(
                    new Daemons.OfHome(new Home(home.root().resolve("bench"))).running());
            var started =
                    ProcessHandle.of(daemon.pid()).orElseThrow().descendants().toList();
            assertThat(started).isNotEmpty();

            bench.destroy();
            assertThat(bench.waitFor(60, TimeUnit.SECONDS)).isTrue();

            assertThat(started).noneMatch(ProcessHandle::isAlive);
        } finally {
            bench.destroyForcibly();
        }
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
