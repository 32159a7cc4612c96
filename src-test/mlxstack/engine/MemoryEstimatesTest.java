package mlxstack.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.OptionalLong;
import mlxstack.spec.EngineKind;
import mlxstack.spec.EnvValue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MemoryEstimatesTest {

    private static final long MIB = 1L << 20;

    @TempDir
    Path root;

    private OptionalLong bytes(Wanted wanted) throws IOException {
        return new Machine(root).engines().memoryEstimates().bytes(wanted.template());
    }

    private static void sized(Path file, long bytes) throws IOException {
        Files.createDirectories(file.resolveSibling(""));
        try (var out = new RandomAccessFile(file.toFile(), "rw")) {
            out.setLength(bytes);
        }
    }

    @Test
    void aFolderOfWeightsNeedsAFifthMoreThanItsSize() throws IOException {
        sized(root.resolve("m/model-00001-of-00002.safetensors"), 30 * MIB);
        sized(root.resolve("m/model-00002-of-00002.safetensors"), 20 * MIB + 1);
        sized(root.resolve("m/tokenizer.json"), 9 * MIB);

        assertThat(bytes(
                        Wanted.engine(EngineKind.MLX_LM).model(root.resolve("m").toString())))
                .hasValue(61 * MIB);
    }

    @Test
    void aGgufModelInPartsIsAddedUp() throws IOException {
        sized(root.resolve("m/a-00001-of-00002.gguf"), 10 * MIB);
        sized(root.resolve("m/a-00002-of-00002.gguf"), 10 * MIB);
        sized(root.resolve("m/b.gguf"), 5 * MIB);

        assertThat(bytes(Wanted.engine(EngineKind.LLAMA_SERVER)
                        .model(root.resolve("m/a-00001-of-00002.gguf").toString())))
                .hasValue(24 * MIB);
        assertThat(bytes(Wanted.engine(EngineKind.LLAMA_SERVER)
                        .model(root.resolve("m/b.gguf").toString())))
                .hasValue(6 * MIB);
    }

    @Test
    void aFetchedRepositoryIsMeasuredThroughItsLinks() throws IOException {
        Path repository = root.resolve("hf/hub/models--org--model");
        sized(repository.resolve("blobs/1234"), 10 * MIB);
        Path snapshot = Files.createDirectories(repository.resolve("snapshots/abc"));
        Files.createSymbolicLink(snapshot.resolve("model.safetensors"), Path.of("../../blobs/1234"));
        Files.createDirectories(repository.resolve("refs"));
        Files.writeString(repository.resolve("refs/main"), "abc\n");
        var home = Map.<String, EnvValue>of(
                "HF_HOME", new EnvValue.Text(root.resolve("hf").toString()));

        assertThat(bytes(Wanted.engine(EngineKind.VLLM_MLX).model("org/model").env(home)))
                .hasValue(12 * MIB);
        assertThat(bytes(Wanted.engine(EngineKind.VLLM_MLX).model("org/other").env(home)))
                .isEmpty();
    }

    @Test
    void ollamaTellsInItsManifests() throws IOException {
        Path manifest = root.resolve("user/.ollama/models/manifests/registry.ollama.ai/library/qwen3/8b");
        Files.createDirectories(manifest.resolveSibling(""));
        Files.writeString(manifest, """
                {"schemaVersion":2,"config":{"size":77},
                 "layers":[{"mediaType":"model","size":10485760},{"size":10}],"more":{"size":5}}
                """);

        assertThat(bytes(Wanted.engine(EngineKind.OLLAMA).model("qwen3:8b"))).hasValue(13 * MIB);
        assertThat(bytes(Wanted.engine(EngineKind.OLLAMA).model("qwen3"))).isEmpty();
        Files.writeString(manifest, "{");
        assertThat(bytes(Wanted.engine(EngineKind.OLLAMA).model("qwen3:8b"))).isEmpty();
    }

    @Test
    void whatNobodyKnowsIsNotGuessed() throws IOException {
        assertThat(bytes(Wanted.engine(EngineKind.SIMULATOR))).hasValue(64 * MIB);
        assertThat(bytes(Wanted.engine(EngineKind.COMMAND).command("x"))).isEmpty();
        assertThat(bytes(Wanted.engine(EngineKind.MLX_LM).model("org/never-fetched")))
                .isEmpty();
        assertThat(bytes(Wanted.engine(EngineKind.MLX_LM).model("../../etc"))).isEmpty();
    }
}
