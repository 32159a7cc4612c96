package mlxstack.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import mlxstack.spec.EngineKind;
import mlxstack.spec.EnvValue;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A GGUF repository by its name, when some of it has been fetched. */
class FetchedGgufTest {

    @TempDir
    private Path root;

    private Machine machine;
    private Path snapshot;

    @BeforeEach
    void machine() throws IOException {
        machine = new Machine(root);
        machine.installed("llama-server", "--jinja");
        Path model = root.resolve("hf/hub/models--unsloth--Qwen3-8B-GGUF");
        snapshot = model.resolve("snapshots/c0ffee");
        Files.createDirectories(snapshot);
        Files.createDirectories(model.resolve("refs"));
        Files.writeString(model.resolve("refs/main"), "c0ffee");
    }

    private Path fetched(String name) throws IOException {
        Path file = snapshot.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.createFile(file);
    }

    /** What follows the program's name. */
    private String model(String model) {
        var env = Map.<String, EnvValue>of(
                "HF_HOME", new EnvValue.Text(root.resolve("hf").toString()));
        String line = machine.shown(machine.engines()
                .resolve(
                        Wanted.engine(EngineKind.LLAMA_SERVER)
                                .model(model)
                                .env(env)
                                .named("primary"),
                        8001)
                .get());
        return line.replaceFirst("\\S+ ", "").replaceFirst(" --host.*", "");
    }

    @Test
    @DisplayName(
            "what has been fetched is served from where it is, by its quantization; what has not, llama-server fetches")
    void served() throws IOException {
        assertThat(model("unsloth/Qwen3-8B-GGUF:Q8_0")).isEqualTo("-hf unsloth/Qwen3-8B-GGUF:Q8_0");
        Path q8 = fetched("Qwen3-8B-Q8_0.gguf");
        assertThat(Path.of(model("unsloth/Qwen3-8B-GGUF").replace("-m @", root.toString()))
                        .getFileName())
                .as("the only one")
                .isEqualTo(q8.getFileName());
        fetched("Qwen3-8B-UD-Q4_K_XL.gguf");
        fetched("mmproj-F16.gguf");
        assertThat(model("unsloth/Qwen3-8B-GGUF:q8_0")).startsWith("-m ").endsWith("Qwen3-8B-Q8_0.gguf");
        assertThat(model("unsloth/Qwen3-8B-GGUF:UD-Q4_K_XL")).endsWith("Qwen3-8B-UD-Q4_K_XL.gguf");
        assertThat(model("unsloth/Qwen3-8B-GGUF:Q4_K_XL")).startsWith("-hf ");
        assertThat(model("unsloth/Qwen3-8B-GGUF:F16")).startsWith("-hf ");
        assertThat(model("unsloth/Qwen3-8B-GGUF")).as("Q4_K_M is meant").startsWith("-hf ");
        fetched("Qwen3-8B-Q4_K_M.gguf");
        assertThat(model("unsloth/Qwen3-8B-GGUF")).endsWith("Qwen3-8B-Q4_K_M.gguf");
    }

    @Test
    @DisplayName("a model in parts is served when all of them are there")
    void parts() throws IOException {
        fetched("BF16/Qwen3-8B-BF16-00001-of-00002.gguf");
        assertThat(model("unsloth/Qwen3-8B-GGUF:BF16")).startsWith("-hf ");
        fetched("BF16/Qwen3-8B-BF16-00002-of-00002.gguf");
        assertThat(model("unsloth/Qwen3-8B-GGUF:BF16")).endsWith("BF16/Qwen3-8B-BF16-00001-of-00002.gguf");
    }
}
