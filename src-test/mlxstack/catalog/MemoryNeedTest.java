package mlxstack.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MemoryNeedTest {

    private static final double GIB = 1L << 30;
    private final Catalog catalog = Catalog.packaged();

    private MemoryNeed need(String id, String quant, long tokens, int conversations) {
        var model = catalog.model(id).orElseThrow();
        var source = model.sources().stream()
                .filter(each -> each.quant().equals(quant))
                .findFirst()
                .orElseThrow();
        return MemoryNeed.of(model, source, tokens, conversations);
    }

    /** The peaks that were published for the same format, GiB. */
    @ParameterizedTest
    @CsvSource({
        "qwen3-8b, 4bit, 5.96",
        "qwen3-8b, 8bit, 9.98",
        "qwen3-14b, 4bit, 9.7",
        "qwen3.5-9b, 4bit, 8.99",
        "qwen3.5-27b, 4bit, 22.08",
        "qwen3.5-35b-a3b, 8bit, 41.04",
        "gemma3-12b, 4bit, 9.35",
        "nemotron-nano-9b, 4bit, 10.33",
    })
    void whatWasMeasuredIsWhatIsTold(String id, String quant, double gib) {
        assertThat(need(id, quant, 4096, 1).total() / GIB).isCloseTo(gib, within(gib * 0.02));
    }

    @Test
    void aModelThatNobodyMeasuredNeedsWhatItsLayersDo() {
        // The same layers as qwen3.5-27b, of which 22.08 GiB were measured.
        assertThat(need("qwen3.6-27b", "4bit", 4096, 1).total() / GIB).isBetween(21.0, 23.0);
        // Of its 30 billion weights in experts all are in memory, not the 3 that are active.
        assertThat(need("qwen3-30b-a3b", "4bit", 4096, 1).total() / GIB).isBetween(16.5, 20.0);
    }

    @Test
    void eachConversationHasACacheOfItsOwnAndNothingElseTwice() {
        var one = need("qwen3-8b", "4bit", 32_768, 1);
        var four = need("qwen3-8b", "4bit", 32_768, 4);
        assertThat(four.cache()).isEqualTo(4 * one.cache());
        assertThat(four.overhead()).isEqualTo(one.overhead());
        assertThat(four.weights()).isEqualTo(one.weights());
    }

    @Test
    void llamaCppIsNotChargedForWhatMlxNeeds() {
        var gguf = need("qwen3.5-27b", "Q4_K_M", 4096, 1);
        assertThat(gguf.overhead() / GIB).isLessThan(2);
    }
}
