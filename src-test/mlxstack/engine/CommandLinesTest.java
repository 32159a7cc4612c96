package mlxstack.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import mlxstack.reconcile.Obstacle;
import mlxstack.spec.EngineKind;
import mlxstack.spec.EnvValue;
import mlxstack.spec.Policy;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What each engine is started with, word for word. */
class CommandLinesTest {

    private static final String VLLM_HELP = """
            usage: vllm-mlx serve [-h] [--host HOST] [--port PORT] [--served-model-name SERVED_MODEL_NAME]
              --continuous-batching   batch requests
              --max-num-seqs MAX_NUM_SEQS
              --max-kv-size MAX_KV_SIZE
              --enable-auto-tool-choice
              --tool-call-parser {auto,mistral,qwen,llama,hermes,deepseek}
              --reasoning-parser {qwen3,deepseek_r1}
            """;
    private static final String MLX_LM_HELP = """
            usage: mlx_lm.server [-h] [--model MODEL] [--host HOST] [--port PORT]
              --allowed-origins ALLOWED_ORIGINS
              --decode-concurrency DECODE_CONCURRENCY
              --prompt-concurrency PROMPT_CONCURRENCY
            """;

    @TempDir
    Path root;

    Machine machine;

    @BeforeEach
    void machine() throws IOException {
        machine = new Machine(root);
    }

    private Launch launch(Wanted wanted) {
        return machine.engines().resolve(wanted.named("primary"), 8001).getOrElseThrow(CommandLinesTest::failed);
    }

    private static AssertionError failed(Obstacle obstacle) {
        return new AssertionError(obstacle.message());
    }

    @Test
    void vllmMlxGetsWhatTheInstalledReleaseKnows() throws IOException {
        machine.installed("vllm-mlx", VLLM_HELP);

        var launch = launch(Wanted.engine(EngineKind.VLLM_MLX)
                .model(machine.mlxModel())
                .window(32768)
                .concurrency(2)
                .args("--max-tokens", "100"));

        assertThat(machine.shown(launch))
                .isEqualTo("@/bin/vllm-mlx serve @/Qwen3-8B-4bit --host 127.0.0.1 --port 8001"
                        + " --served-model-name primary --max-kv-size 32768 --continuous-batching --max-num-seqs 2"
                        + " --enable-auto-tool-choice --tool-call-parser hermes --reasoning-parser qwen3"
                        + " --max-tokens 100");
    }

    @Test
    void anOldVllmMlxGetsNoFlagItWouldDieOf() throws IOException {
        machine.installed("vllm-mlx", "usage: vllm-mlx serve [--host HOST] [--port PORT]");

        var launch = launch(Wanted.engine(EngineKind.VLLM_MLX)
                .model("mlx-community/Qwen3-8B-4bit")
                .window(32768)
                .concurrency(2));

        assertThat(machine.shown(launch))
                .isEqualTo("@/bin/vllm-mlx serve mlx-community/Qwen3-8B-4bit --host 127.0.0.1 --port 8001");
    }

    @Test
    void whatTheUserGivesIsNotGivenTwice() throws IOException {
        machine.installed("vllm-mlx", VLLM_HELP);

        var launch = launch(Wanted.engine(EngineKind.VLLM_MLX)
                .model("mlx-community/Qwen3-8B-4bit")
                .args("--tool-call-parser", "qwen", "--reasoning-parser=deepseek_r1", "--served-model-name", "mine"));

        assertThat(machine.shown(launch))
                .isEqualTo("@/bin/vllm-mlx serve mlx-community/Qwen3-8B-4bit --host 127.0.0.1 --port 8001"
                        + " --enable-auto-tool-choice"
                        + " --tool-call-parser qwen --reasoning-parser=deepseek_r1 --served-model-name mine");
    }

    @Test
    void aParserTheInstalledReleaseDoesNotKnowIsRefusedWithThoseItKnows() throws IOException {
        machine.installed("vllm-mlx", VLLM_HELP);
        var wanted = Wanted.engine(EngineKind.VLLM_MLX)
                .model("org/Nemotron-49B")
                .args("--reasoning-parser", "nemotron")
                .named("primary");

        var obstacle = machine.engines().resolve(wanted, 8001).getLeft();

        assertThat(obstacle.message())
                .endsWith("does not know --reasoning-parser nemotron; it knows qwen3, deepseek_r1."
                        + " Change args, or upgrade it");
    }

    @Test
    void mlxLmIsClosedToWebPagesAndHasItsHubFolder() throws IOException {
        machine.installed("mlx_lm.server", MLX_LM_HELP);

        var launch = launch(Wanted.engine(EngineKind.MLX_LM)
                .model(machine.mlxModel())
                .concurrency(4)
                .window(8192)
                .env(Map.of("HF_HOME", new EnvValue.Text(root.resolve("hf").toString()))));

        assertThat(machine.shown(launch))
                .isEqualTo("@/bin/mlx_lm.server --model @/Qwen3-8B-4bit --host 127.0.0.1 --port 8001"
                        + " --allowed-origins http://127.0.0.1:8001 --decode-concurrency 4 --prompt-concurrency 4");
        assertThat(root.resolve("hf").resolve("hub")).isDirectory();
    }

    @Test
    void llamaServerGetsTheWindowForEachOfItsSlots() throws IOException {
        machine.installed("llama-server", "--jinja, --no-jinja   use jinja template for chat");

        var launch = launch(Wanted.engine(EngineKind.LLAMA_SERVER)
                .model(machine.gguf())
                .window(4096)
                .concurrency(2)
                .args("--threads", "1"));

        assertThat(machine.shown(launch))
                .isEqualTo(
                        "@/bin/llama-server -m @/tiny.gguf --host 127.0.0.1 --port 8001 --alias primary -c 8192 -np 2"
                                + " --jinja --threads 1");
    }

    @Test
    void llamaServerFetchesARepositoryItself() throws IOException {
        machine.installed("llama-server", "");

        var launch = launch(Wanted.engine(EngineKind.LLAMA_SERVER).model("ggml-org/gemma-3-4b-it-GGUF:Q4_K_M"));

        assertThat(machine.shown(launch))
                .isEqualTo("@/bin/llama-server -hf ggml-org/gemma-3-4b-it-GGUF:Q4_K_M --host 127.0.0.1 --port 8001"
                        + " --alias primary");
    }

    @Test
    void ollamaIsToldByEnvironment() throws IOException {
        machine.installed("ollama", "");

        var launch = launch(Wanted.engine(EngineKind.OLLAMA)
                .model("qwen3:8b")
                .window(8192)
                .concurrency(3)
                .env(Map.of(
                        "OLLAMA_KEEP_ALIVE", new EnvValue.Text("5m"), "OLLAMA_HOST", new EnvValue.Text("0.0.0.0"))));

        assertThat(machine.shown(launch)).isEqualTo("@/bin/ollama serve");
        assertThat(launch.env())
                .containsEntry("OLLAMA_HOST", "127.0.0.1:8001")
                .containsEntry("OLLAMA_NO_CLOUD", "1")
                .containsEntry("OLLAMA_CONTEXT_LENGTH", "8192")
                .containsEntry("OLLAMA_NUM_PARALLEL", "3")
                .containsEntry("OLLAMA_MAX_LOADED_MODELS", "1")
                .containsEntry("OLLAMA_KEEP_ALIVE", "5m");
    }

    @Test
    void aCommandIsTheUsersOwn() throws IOException {
        machine.installed("open-webui", "");

        var launch = launch(Wanted.engine(EngineKind.COMMAND)
                .command("open-webui", "serve", "--port", "8080")
                .args("--more"));

        assertThat(machine.shown(launch)).isEqualTo("@/bin/open-webui serve --port 8080 --more");
        assertThat(machine.timesAsked("open-webui")).isZero();
    }

    @Test
    void theSimulatorRunsFromOurJar() {
        var launch = launch(Wanted.engine(EngineKind.SIMULATOR).window(2048).args("--token-delay", "5ms"));

        assertThat(machine.shown(launch))
                .isEqualTo("/jdk/bin/java -Xmx24m -Xms4m -Xss256k -XX:+UseSerialGC -XX:TieredStopAtLevel=1"
                        + " -XX:CICompilerCount=1 -XX:ReservedCodeCacheSize=8m -XX:MaxDirectMemorySize=1t"
                        + " -XX:-UsePerfData -Xlog:disable -Xlog:all=error:stderr"
                        + " -cp @/lib/mlxstack.jar mlxstack.simulator.SimulatorMain --port 8001 --model primary"
                        + " --context-window 2048 --token-delay 5ms");
    }

    @Test
    void aCacheOfClassesIsUsedWhereThereIsOneAndMakesNothingOutdated() throws IOException {
        var wanted = Wanted.engine(EngineKind.GATEWAY);
        var before = launch(wanted);
        Files.createDirectories(root.resolve("lib"));
        Files.writeString(root.resolve("lib").resolve("gateway.aot"), "");
        var after = launch(wanted);

        assertThat(machine.shown(before))
                .startsWith("/jdk/bin/java -Xmx96m")
                .endsWith(
                        " -cp @/lib/mlxstack.jar mlxstack.gateway.GatewayMain --config @/home/gateway.json --grace 3");
        assertThat(machine.shown(after))
                .contains(" -XX:AOTCache=@/lib/gateway.aot -XX:+UnlockDiagnosticVMOptions"
                        + " -XX:ArchiveRelocationMode=0 -cp ");
        assertThat(after.commandDigest()).isEqualTo(before.commandDigest());
    }

    @Test
    void theGatewaysCompilersStandBackOnLinuxOnly() {
        assertThat(GatewayProcess.flags(false)).contains("-XX:CompilerThreadPriority=10");
        assertThat(GatewayProcess.flags(true)).noneMatch(flag -> flag.contains("Priority"));
    }

    @ParameterizedTest
    @CsvSource({"30, ''", "120, ' --grace 115'", "6, ' --grace 3'", "1, ' --grace 1'"})
    void theGatewayHasMostOfItsGraceForRequestsUnderWay(int seconds, String told) {
        var workload = Wanted.engine(EngineKind.GATEWAY).named("gateway");
        var p = workload.policy();
        var policy = new Policy(
                p.restart(),
                p.flapping(),
                p.logs(),
                p.rollout(),
                p.probes(),
                Duration.ofSeconds(seconds),
                p.stopSignal(),
                p.preStop(),
                p.killMode(),
                p.memory());
        var launch =
                machine.engines().resolve(workload.withPolicy(policy), null).getOrElseThrow(CommandLinesTest::failed);
        assertThat(machine.shown(launch)).endsWith("GatewayMain --config @/home/gateway.json" + told);
    }

    @Test
    void inTrainingTheCacheIsMadeWithProfilesForTheOneWithBothCompilers() {
        machine.daemon.put(EngineEnvironment.TRAINING, "");

        assertThat(machine.shown(launch(Wanted.engine(EngineKind.GATEWAY))))
                .contains(" -XX:AOTCacheOutput=@/lib/gateway.aot -cp ");
        assertThat(machine.shown(launch(Wanted.engine(EngineKind.SIMULATOR))))
                .contains(" -XX:AOTCacheOutput=@/lib/simulator.aot"
                        + " -XX:+UnlockDiagnosticVMOptions -XX:-AOTRecordTraining -cp ");
    }

    @Test
    void theDigestMovesWithTheCommandAndNotWithSecrets() throws IOException {
        machine.installed("tool", "");
        machine.daemon.put("TOKEN", "one");
        var wanted =
                Wanted.engine(EngineKind.COMMAND).command("tool").env(Map.of("TOKEN", new EnvValue.FromEnv("TOKEN")));
        String first = launch(wanted).commandDigest();
        machine.daemon.put("TOKEN", "two");

        assertThat(launch(wanted).commandDigest()).isEqualTo(first);
        assertThat(launch(wanted.args("-v")).commandDigest()).isNotEqualTo(first);
    }

    @Test
    void serversAreAskedByTheNameTheyKnowTheirModelBy() {
        assertThat(Engines.tokenCheck(
                                Wanted.engine(EngineKind.MLX_LM).model("/m").named("a"))
                        .body())
                .isEqualTo("{\"model\":\"default_model\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}],"
                        + "\"max_tokens\":1,\"stream\":false}");
        assertThat(Engines.upstreamModel(
                        Wanted.engine(EngineKind.OLLAMA).model("qwen3:8b").named("a")))
                .isEqualTo("qwen3:8b");
        assertThat(Engines.upstreamModel(
                        Wanted.engine(EngineKind.VLLM_MLX).model("org/m").named("a")))
                .isEqualTo("a");
        assertThat(Engines.upstreamModel(
                        Wanted.engine(EngineKind.LLAMA_SERVER).model("/m.gguf").named("a")))
                .isNull();
        assertThat(Engines.healthPath(EngineKind.OLLAMA)).isEqualTo("/api/version");
        assertThat(Engines.healthPath(EngineKind.COMMAND)).isNull();
    }
}
