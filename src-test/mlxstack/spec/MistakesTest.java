package mlxstack.spec;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** G04: what people get wrong, from {@code mistakes.txt}: each message says where, what was found, and what to write. */
class MistakesTest {

    record Mistake(String title, String text, List<String> messages) {
        @Override
        public String toString() {
            return title;
        }
    }

    static Stream<Mistake> mistakes() throws IOException {
        String all;
        try (var in = MistakesTest.class.getResourceAsStream("mistakes.txt")) {
            all = new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .replace('⇥', '\t')
                    .replace('⍽', '\u00a0')
                    .replace('⊙', '\ufeff');
        }
        var found = new ArrayList<Mistake>();
        for (var part : all.substring(all.indexOf("\n==") + 1).split("\n\n(?===)")) {
            var lines = part.lines().toList();
            var title = lines.getFirst();
            var text = new StringBuilder();
            var messages = new ArrayList<String>();
            for (var line : lines.subList(1, lines.size())) {
                if (line.startsWith("-> ")) {
                    messages.add(line.substring(3));
                } else {
                    text.append(line).append('\n');
                }
            }
            found.add(
                    title.startsWith("==! ")
                            ? new Mistake(title.substring(4), text.toString(), messages)
                            : new Mistake(title.substring(3), Parsing.spec(text.toString()), messages));
        }
        return found.stream();
    }

    @ParameterizedTest(name = "G04: {0}")
    @MethodSource("mistakes")
    void areTold(Mistake mistake) {
        assertThat(Parsing.problems(mistake.text())).isEqualTo(mistake.messages());
    }

    @Test
    @DisplayName("G04: the table is a long one, and no message leaves a person without an expectation")
    void allSayWhatToDo() throws IOException {
        assertThat(mistakes()).hasSizeGreaterThan(100);
        assertThat(mistakes().flatMap(mistake -> mistake.messages().stream()))
                .allSatisfy(message -> assertThat(message)
                        .matches("\\d+:\\d+: .*")
                        .containsPattern("expected|did you mean|write |lists the fields|choose|indent|resolve|missing"
                                + "|in quotes|it is already given|take one of"));
    }

    @Test
    void filesInOtherClothes() {
        assertThat(first("endpoints: []".getBytes(StandardCharsets.UTF_16)))
                .isEqualTo("x:1:1: found byte 0xFE, which is not UTF-8; save the file as UTF-8");
        assertThat(first("\0GITCRYPT\0\u0001\u0002".getBytes(StandardCharsets.US_ASCII)))
                .isEqualTo("x:1:1: the file is encrypted by git-crypt; unlock its repository: git-crypt unlock");
        assertThat(Parsing.problems(Parsing.spec("endpoints:\n- {name: a, engine: simulater}")
                        .replace("\n", "\r\n")))
                .singleElement()
                .asString()
                .startsWith("6:23: spec.endpoints[0].engine: found \"simulater\"");
    }

    private static String first(byte[] bytes) {
        return Parsing.STACK_FILE
                .parse(bytes, Path.of("x"), Parsing.ENV)
                .getError()
                .head()
                .toString();
    }
}
