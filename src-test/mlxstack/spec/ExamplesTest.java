package mlxstack.spec;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/** Every file people are given to start from is valid. */
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

    /** Files that examples name beside themselves are there. */
    @ParameterizedTest
    @MethodSource("examples")
    void bringsItsFiles(Path example) throws IOException {
        var env = new Env(Path.of("/home/ada"), MemoryEstimator.none(), path -> "");
        var stack = Parsing.STACK_FILE
                .parse(Files.readAllBytes(example), example.toAbsolutePath(), env)
                .get();
        var folder = example.toAbsolutePath().getParent() + "/";
        assertThat(stack.workloads().stream()
                        .flatMap(workload -> Stream.concat(
                                workload.template().envFrom().stream(),
                                workload.template().restartTriggers().keySet().stream()))
                        .filter(path -> path.startsWith(folder))
                        .map(Path::of))
                .allSatisfy(path -> assertThat(path).isRegularFile());
    }

    @Test
    @DisplayName("between them they show every field of the format")
    void everyFieldIsShown() throws IOException {
        var shown = new TreeSet<String>();
        for (var example : examples()) {
            var root = YamlReader.read(Files.readAllBytes(example), new Problems("x"));
            names(Objects.requireNonNull(root), shown);
        }
        var known = new TreeSet<String>();
        properties(SchemaText.full(), known);
        known.removeAll(shown);
        assertThat(known).isEmpty();
    }

    private static void names(Node node, Set<String> into) {
        switch (node) {
            case Node.Mapping mapping ->
                mapping.entries().forEach((name, entry) -> {
                    into.add(name);
                    names(entry.value(), into);
                });
            case Node.Sequence sequence -> sequence.items().forEach(item -> names(item, into));
            case Node.Scalar _ -> {}
        }
    }

    private static void properties(JsonNode schema, Set<String> into) {
        schema.path("properties").properties().forEach(field -> into.add(field.getKey()));
        schema.forEach(inner -> properties(inner, into));
    }
}
