package mlxstack.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import mlxstack.spec.EngineKind;
import mlxstack.spec.Problem;
import mlxstack.spec.YamlDocument;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CatalogTest {

    private static final Path FOLDER = Path.of("controller/mlxstack/catalog/models");

    @TempDir
    Path home;

    @Test
    void everyFileOfOursIsListedFitsTheSchemaAndIsCalledAsItsModel() throws IOException {
        var schema = new YamlDocument("/schema/catalog.schema.json");
        try (var files = Files.list(FOLDER)) {
            var yaml = files.filter(file -> file.toString().endsWith(".yaml"))
                    .sorted()
                    .toList();
            assertThat(yaml).hasSizeGreaterThan(2);
            assertThat(CatalogFiles.names())
                    .containsExactlyElementsOf(yaml.stream()
                            .map(file -> file.getFileName().toString().replace(".yaml", ""))
                            .sorted()
                            .toList());
            for (var file : yaml) {
                var read = schema.parse(Files.readAllBytes(file), file);
                assertThat(read.isValid() ? "" : read.getError().mkString("\n")).isEmpty();
                assertThat(file).hasFileName(read.get().path("id").asString("") + ".yaml");
            }
        }
    }

    @Test
    void aModelIsReadWhole() {
        var model = Catalog.packaged().model("qwen3-30b-a3b").orElseThrow();

        assertThat(model.parameters().mixture()).isTrue();
        assertThat(model.source(EngineKind.MLX_LM, null).orElseThrow().repo())
                .isEqualTo("mlx-community/Qwen3-30B-A3B-4bit");
        assertThat(model.source(EngineKind.LLAMA_SERVER, "q4_k_m").orElseThrow().file())
                .isEqualTo("Qwen3-30B-A3B-Q4_K_M.gguf");
        assertThat(model.source(EngineKind.LLAMA_SERVER, "4bit")).isEmpty();
        assertThat(model.tools().parsers(EngineKind.VLLM_MLX)).containsExactly("hermes", "qwen");
        // 48 layers × 4 heads × 128 × 2 (keys, values) × 2 bytes
        assertThat(model.attention().bytes(1)).isEqualTo(98_304);
    }

    @Test
    void aWindowAndAStateCostTheSameHoweverLongTheConversation() {
        var gemma = new Attention(34, 5, 4, 256, 1024, 29, 0, Attention.perToken(5, 4, 256));
        assertThat(gemma.bytes(100_000) - gemma.bytes(2_000)).isEqualTo(98_000L * 5 * 4 * 256 * 4);
        assertThat(gemma.bytes(1)).isEqualTo(34L * 4 * 256 * 4);
        var hybrid = new Attention(48, 12, 2, 256, null, 0, 1_000_000, Attention.perToken(12, 2, 256));
        assertThat(hybrid.bytes(10)).isEqualTo(1_000_000 + 10L * 12 * 2 * 256 * 4);
    }

    @Test
    void theUsersFilesGoOverOursAndAWrongOneIsToldAndLeftOut() throws IOException {
        var folder = Files.createDirectories(home.resolve("catalog"));
        Files.writeString(folder.resolve("mine.yaml"), """
                id: qwen3-8b
                name: Mine
                family: qwen3
                parameters: {total: 8}
                contextWindow: 1000
                sources: [{format: mlx, repo: me/mine, quant: 4bit}]
                """);
        Files.writeString(folder.resolve("wrong.yaml"), """
                id: other
                name: Other
                famly: qwen3
                parameters: {total: eight}
                contextWindow: 1000
                sources: []
                """);

        var loaded = Catalog.load(home);

        assertThat(loaded.catalog().model("qwen3-8b").orElseThrow().name()).isEqualTo("Mine");
        assertThat(loaded.catalog().model("other")).isEmpty();
        assertThat(loaded.catalog().model("qwen3-30b-a3b")).isPresent();
        assertThat(loaded.problems().map(Problem::toString).mkString("\n"))
                .contains("wrong.yaml:3:1: famly: unknown field \"famly\"; did you mean \"family\"?")
                .contains("wrong.yaml:4:21: parameters.total: found \"eight\"; expected billions of weights")
                .contains("wrong.yaml:6:10: sources: found an empty list")
                .doesNotContain("this is no stack file");
    }
}
