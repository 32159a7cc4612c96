package mlxstack.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Collectors;
import mlxstack.spec.EngineKind;
import mlxstack.spec.ModelApi;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What each kind of server was found to answer; anything else is translated for it. */
class SpeaksTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "MLX_LM        |              | chat completions",
                "VLLM_MLX      |              | chat completions count_tokens embeddings messages other",
                "LLAMA_SERVER  |              | chat completions count_tokens messages other",
                "LLAMA_SERVER  | --embeddings | chat completions count_tokens embeddings messages other",
                "LLAMA_SERVER  | --reranking  | chat completions count_tokens messages other rerank",
                "OLLAMA        |              | chat completions embeddings messages other responses",
                "SIMULATOR     |              | chat completions embeddings other",
                "COMMAND       |              | chat completions embeddings other",
                "GATEWAY       |              | ''"
            })
    void asMeasured(EngineKind engine, @Nullable String arg, String words) {
        var wanted = Wanted.engine(engine);
        var workload = (arg == null ? wanted : wanted.args(arg)).named("a");
        assertThat(Engines.speaks(workload).stream()
                        .map(ModelApi::word)
                        .sorted()
                        .collect(Collectors.joining(" ")))
                .isEqualTo(words);
    }
}
