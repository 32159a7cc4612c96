package mlxstack.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import mlxstack.spec.EngineKind;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HelpProbeTest {

    private static final String ORIGINS = "--allowed-origins";

    @TempDir
    Path root;

    Machine machine;

    @BeforeEach
    void machine() throws IOException {
        machine = new Machine(root);
    }

    private String line(Engines engines) {
        return machine.shown(engines.resolve(
                        Wanted.engine(EngineKind.MLX_LM).model("org/model").named("a"), 8001)
                .get());
    }

    @Test
    void aVersionIsAskedOnceAlsoAcrossLivesOfTheDaemon() throws IOException {
        machine.installed("mlx_lm.server", ORIGINS);
        var engines = machine.engines();

        assertThat(line(engines)).contains(ORIGINS);
        assertThat(line(engines)).contains(ORIGINS);
        assertThat(line(machine.engines())).contains(ORIGINS);
        assertThat(machine.timesAsked("mlx_lm.server")).isEqualTo(1);
    }

    @Test
    void anotherVersionIsAskedAgain() throws IOException {
        machine.installed("mlx_lm.server", ORIGINS);
        var engines = machine.engines();
        assertThat(line(engines)).contains(ORIGINS);

        machine.installed("mlx_lm.server", "an older one, which knows less");

        assertThat(line(engines)).doesNotContain(ORIGINS);
        assertThat(machine.timesAsked("mlx_lm.server")).isEqualTo(2);
    }

    @Test
    void manyThatStartTogetherAskOnce() throws Exception {
        machine.installed("mlx_lm.server", ORIGINS);
        var engines = machine.engines();

        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var lines = threads.invokeAll(IntStream.range(0, 8)
                    .<Callable<String>>mapToObj(_ -> () -> line(engines))
                    .toList());
            for (var line : lines) {
                assertThat(line.get()).contains(ORIGINS);
            }
        }

        assertThat(machine.timesAsked("mlx_lm.server")).isEqualTo(1);
    }

    @Test
    void aBinaryThatFailsToHelpIsStartedPlainlyAndAskedAgain() throws IOException {
        machine.program(
                "mlx_lm.server",
                "#!/bin/sh\necho asked >> '" + machine.asked("mlx_lm.server") + "'\necho " + ORIGINS + "\nexit 1\n");
        var engines = machine.engines();

        assertThat(line(engines)).doesNotContain(ORIGINS);
        assertThat(line(engines)).doesNotContain(ORIGINS);
        assertThat(machine.timesAsked("mlx_lm.server")).isEqualTo(2);
        assertThat(machine.home.resolve("cache").resolve("help")).isEmptyDirectory();
    }

    @Test
    void aBinaryThatNeverAnswersIsEndedWithWhatItStarted() throws IOException {
        Path pids = root.resolve("pids");
        machine.program(
                "mlx_lm.server",
                "#!/bin/sh\necho $$ >> '" + pids + "'\nsleep 1000 &\necho $! >> '" + pids + "'\nwait\n");
        machine.helpTimeout = Duration.ofSeconds(3);

        assertThat(line(machine.engines())).doesNotContain(ORIGINS);

        for (String pid : Files.readAllLines(pids)) {
            ProcessHandle.of(Long.parseLong(pid))
                    .ifPresent(process -> process.onExit().join());
        }
        assertThat(Files.readAllLines(pids)).hasSize(2);
    }

    @Test
    void helpIsReadAsArgparseWritesIt() {
        var help = new HelpText("""
                usage: serve [--port PORT] [--tool-call-parser {auto,hermes}]
                  --reasoning-parser {qwen3,
                        deepseek_r1}
                  --enable-auto-tool-choice-later
                """);

        assertThat(help.lists("--port")).isTrue();
        assertThat(help.lists("--enable-auto-tool-choice")).isFalse();
        assertThat(help.choices("--tool-call-parser")).containsExactly("auto", "hermes");
        assertThat(help.choices("--reasoning-parser")).containsExactly("qwen3", "deepseek_r1");
        assertThat(help.choices("--port")).isEmpty();
    }
}
