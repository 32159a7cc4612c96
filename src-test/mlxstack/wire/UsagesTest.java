package mlxstack.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class UsagesTest {

    static Stream<Arguments> answers() {
        return Stream.of(
                of(
                        Dialect.CHAT,
                        "{\"choices\":[{\"usage\":1}],\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":4}}",
                        new Usage(3, 4, 0, 0, 0)),
                of(
                        Dialect.CHAT,
                        "{\"usage\":{\"prompt_tokens\":9,\"prompt_tokens_details\":null,\"completion_tokens\":4}}",
                        new Usage(9, 4, 0, 0, 0)),
                of(
                        Dialect.CHAT,
                        "{\"usage\":{\"prompt_tokens\":9,\"completion_tokens\":1,\"prompt_cache_hit_tokens\":6}}",
                        new Usage(9, 1, 6, 0, 0)),
                of(
                        Dialect.CHAT,
                        "{\"usage\":{\"prompt_tokens\":9,\"completion_tokens\":1,\"prompt_tokens_details\":{\"cached_tokens\":2,\"cache_write_tokens\":3}}}",
                        new Usage(9, 1, 2, 3, 0)),
                of(Dialect.CHAT, "{\"usage\":{\"prompt_tokens\":6,\"total_tokens\":6}}", new Usage(6, 0, 0, 0, 0)),
                of(Dialect.CHAT, "{\"usage\":null}", null),
                of(Dialect.CHAT, "{\"usage\":{}}", null),
                of(Dialect.CHAT, "{\"choices\":[]}", null),
                of(Dialect.CHAT, "<html>", null),
                of(
                        Dialect.RESPONSES,
                        "{\"usage\":{\"input_tokens\":5,\"input_tokens_details\":{\"cached_tokens\":1},\"output_tokens\":2}}",
                        new Usage(5, 2, 1, 0, 0)),
                of(
                        Dialect.MESSAGES,
                        "{\"usage\":{\"input_tokens\":5,\"cache_read_input_tokens\":100,\"output_tokens\":2}}",
                        new Usage(105, 2, 100, 0, 0)));
    }

    private static Arguments of(Dialect dialect, String body, @Nullable Usage usage) {
        return Arguments.of(dialect, body, usage);
    }

    @ParameterizedTest
    @MethodSource("answers")
    void ofAWholeAnswer(Dialect dialect, String body, @Nullable Usage usage) {
        assertThat(Usages.inAnswer(dialect, body.getBytes(UTF_8))).isEqualTo(usage);
    }
}
