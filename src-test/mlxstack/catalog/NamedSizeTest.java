package mlxstack.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NamedSizeTest {

    /** mlx-stack reads the last number, so that 30 billion weights in experts became 3, and 18 GB became 2. */
    @ParameterizedTest
    @CsvSource({
        "Qwen3-30B-A3B-4bit, 30, 3",
        "Qwen3-Coder-480B-A35B-Instruct-4bit, 480, 35",
        "Qwen3-8B-4bit, 8, 8",
        "Qwen3.5-0.8B-8bit, 0.8, 0.8",
        "SmolLM2-135M-Instruct, 0.135, 0.135",
        "Mixtral-8x7B-Instruct-v0.1-4bit, 56, 14",
        "gemma-3-27b-it-qat-4bit, 27, 27",
    })
    void namesTellHowManyWeightsThereAre(String name, double total, double active) {
        assertThat(NamedSize.of(name)).hasValue(new CatalogModel.Parameters(total, active));
    }

    @ParameterizedTest
    @CsvSource({"phi-4-4bit", "GLM-4.5-Air-4bit", "gpt-oss-MXFP4-Q8"})
    void orDoNot(String name) {
        assertThat(NamedSize.of(name)).isEmpty();
    }

    @Test
    void quantisationsAreReadFromNames() {
        assertThat(Quants.inName("Qwen3-8B-4bit")).hasValue("4bit");
        assertThat(Quants.inName("NVIDIA-Nemotron-Nano-9B-v2-4bits")).hasValue("4bit");
        assertThat(Quants.inName("Qwen3-8B-Q4_K_M.gguf")).hasValue("Q4_K_M");
        assertThat(Quants.inName("gemma-3-4b-it-qat-bf16")).hasValue("bf16");
        assertThat(Quants.inName("Qwen3-8B")).isEmpty();
        assertThat(Quants.bitsPerWeight("4bit")).isEqualTo(4.5);
        assertThat(Quants.bitsPerWeight("strange")).isEqualTo(16);
    }
}
