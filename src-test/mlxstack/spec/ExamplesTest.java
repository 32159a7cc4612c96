package mlxstack.spec;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every file people are given to start from is valid, and all of it is acted on. */
class ExamplesTest {

    static List<Path> examples() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("examples"))) {
            return files.filter(file -> file.toString().endsWith(".yaml"))
                    .sorted()
                    .toList();
        }
    }

    @ParameterizedTest
    @MethodSource("examples")
    void isValid(Path example) throws IOException {
        var text = Files.readString(example);
        assertThat(text).startsWith("# yaml-language-server: $schema=../schema/stack.schema.json\n");
        assertThat(Parsing.valid(text).previews()).isEmpty();
    }
}
