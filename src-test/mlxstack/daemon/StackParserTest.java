package mlxstack.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import mlxstack.spec.Env;
import mlxstack.spec.MemoryEstimator;
import mlxstack.spec.StackFile;
import mlxstack.spec.Template;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StackParserTest {

    private static final byte[] STACK = """
            apiVersion: mlxstack.dev/v1
            kind: Stack
            metadata: {name: t}
            spec:
              processes: [{name: a, command: [./run.sh], workingDirectory: work, restartTriggers: [conf]}]
            """.getBytes(StandardCharsets.UTF_8);

    private Path repository;
    private Path home;
    private StackParser parser;

    @BeforeEach
    void directories(@TempDir Path temp) throws IOException {
        repository = Files.createDirectories(temp.toRealPath().resolve("dotfiles/mlxstack"));
        home = Files.createDirectories(temp.resolve("home"));
        parser = new StackParser(new StackFile(), new Env(home, MemoryEstimator.none(), StackParserTest::content));
    }

    private static String content(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            return "";
        }
    }

    private Template template(Path real) {
        return parser.parse(STACK, real).get().workloads().getFirst().template();
    }

    @Test
    @DisplayName("relative paths start at the directory of the real stack file, behind all links")
    void relativePaths() throws IOException {
        var file = Files.write(repository.resolve("stack.yaml"), STACK);
        var link = Files.createSymbolicLink(home.resolve("stack.yaml"), file);
        var template = template(StackIntake.real(link));
        assertThat(template.workingDirectory()).isEqualTo(repository + "/work");
        assertThat(template.command()).containsExactly(repository + "/run.sh");
        assertThat(template.restartTriggers()).containsOnlyKeys(repository + "/conf");
    }

    @Test
    @DisplayName("restartTriggers: the same bytes mean something else once a file they name has changed")
    void triggers() throws IOException {
        var real = repository.resolve("stack.yaml");
        var before = template(real);
        assertThat(parser.isStale()).isFalse();
        Files.writeString(repository.resolve("conf"), "one");
        assertThat(parser.isStale()).isTrue();
        var after = template(real);
        assertThat(after).isNotEqualTo(before);
        assertThat(parser.isStale()).isFalse();
        Files.writeString(repository.resolve("conf"), "longer");
        assertThat(parser.isStale()).isTrue();
        assertThat(template(real)).isNotEqualTo(after);
    }
}
