package mlxstack.harness;

import static mlxstack.harness.Notes.map;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Files as people have them: comments, order and all else stay, and there is a way back. */
class MergeTest {

    private static final Map<String, Object> OURS = map(
            "model",
            "mlxstack/primary",
            "provider",
            map("mlxstack", map("url", "http://127.0.0.1:4000/v1", "window", 32768, "names", List.of("a", "b"))));

    private static String with(Notation notation, String text, Map<String, Object> wanted) {
        return Merge.with(notation, text, wanted).getOrElseThrow(flaw -> new AssertionError(flaw.toString()));
    }

    private static Arguments texts(Notation notation, String name, String before, String after) {
        return Arguments.argumentSet(name, notation, before, after);
    }

    static Stream<Arguments> users() {
        return Stream.of(
                texts(new JsonText(), "comments and a comma at the end", """
                        // mine
                        {
                            "theme": "dark", // not light
                            /* the big one */ "model": "gpt", // for now
                            "provider": {
                                "other": {"url": "x"}, // a comment
                            },
                        }
                        """, """
                        // mine
                        {
                            "theme": "dark", // not light
                            /* the big one */ "model": "mlxstack/primary", // for now
                            "provider": {
                                "other": {"url": "x"}, // a comment
                                "mlxstack": {
                                    "url": "http://127.0.0.1:4000/v1",
                                    "window": 32768,
                                    "names": ["a", "b"]
                                },
                            },
                        }
                        """),
                texts(new JsonText(), "a comment after the last value", """
                        {
                          "theme": "dark" // not light
                          // the end
                        }
                        """, """
                        {
                          "theme": "dark", // not light
                          "model": "mlxstack/primary",
                          "provider": {
                            "mlxstack": {
                              "url": "http://127.0.0.1:4000/v1",
                              "window": 32768,
                              "names": ["a", "b"]
                            }
                          }
                          // the end
                        }
                        """),
                texts(new JsonText(), "all in one line", "{\"theme\":\"dark\"}", """
                        {
                          "theme":"dark",
                          "model": "mlxstack/primary",
                          "provider": {
                            "mlxstack": {
                              "url": "http://127.0.0.1:4000/v1",
                              "window": 32768,
                              "names": ["a", "b"]
                            }
                          }
                        }"""),
                texts(new JsonText(), "JSON5", """
                        {
                          theme: 'dark',
                          provider: {}
                        }
                        """, """
                        {
                          theme: 'dark',
                          provider: {
                            "mlxstack": {
                              "url": "http://127.0.0.1:4000/v1",
                              "window": 32768,
                              "names": ["a", "b"]
                            }
                          },
                          "model": "mlxstack/primary"
                        }
                        """),
                texts(new YamlText(), "indented by four, comments, umlauts and a picture", """
                        # größe 🙂
                        theme: dark   # not light

                        model: gpt    # for now
                        provider:
                            # mine
                            other:
                                url: x   # here

                        # the end
                        last: true
                        """, """
                        # größe 🙂
                        theme: dark   # not light

                        model: mlxstack/primary    # for now
                        provider:
                            # mine
                            other:
                                url: x   # here
                            mlxstack:
                              url: http://127.0.0.1:4000/v1
                              window: 32768
                              names: ["a", "b"]

                        # the end
                        last: true
                        """),
                texts(new YamlText(), "nothing behind a name", """
                        provider:    # none yet
                        text: |
                          two

                          lines
                        """, """
                        provider:    # none yet
                          mlxstack:
                            url: http://127.0.0.1:4000/v1
                            window: 32768
                            names: ["a", "b"]
                        text: |
                          two

                          lines
                        model: mlxstack/primary
                        """),
                texts(
                        new YamlText(),
                        "braces",
                        "provider: {other: {url: x}} # mine\n",
                        "provider: {other: {url: x}, \"mlxstack\": {\"url\": \"http://127.0.0.1:4000/v1\", \"window\":"
                                + " 32768, \"names\": [\"a\", \"b\"]}} # mine\nmodel: mlxstack/primary\n"),
                texts(new TomlText(), "tables and a comment that belongs to one", """
                        # mine
                        theme = "dark" # not light

                        # the other one
                        [provider.other]
                        url = 'x'
                        matrix = [
                          [1, 2], # a row
                        ]

                        [[rules]]
                        name = "first"
                        """, """
                        # mine
                        theme = "dark" # not light
                        model = "mlxstack/primary"

                        # the other one
                        [provider.other]
                        url = 'x'
                        matrix = [
                          [1, 2], # a row
                        ]

                        [[rules]]
                        name = "first"

                        [provider.mlxstack]
                        url = "http://127.0.0.1:4000/v1"
                        window = 32768
                        names = ["a", "b"]
                        """),
                texts(new TomlText(), "no value of the root", """
                        # the other one
                        [provider.other]
                        url = \"""
                        [not.a.table]
                        \"""
                        """, """
                        model = "mlxstack/primary"

                        # the other one
                        [provider.other]
                        url = \"""
                        [not.a.table]
                        \"""

                        [provider.mlxstack]
                        url = "http://127.0.0.1:4000/v1"
                        window = 32768
                        names = ["a", "b"]
                        """),
                texts(new JsonText(), "nothing", "", """
                        {
                          "model": "mlxstack/primary",
                          "provider": {
                            "mlxstack": {
                              "url": "http://127.0.0.1:4000/v1",
                              "window": 32768,
                              "names": ["a", "b"]
                            }
                          }
                        }
                        """),
                texts(new YamlText(), "comments alone", "# mine", """
                        # mine
                        model: mlxstack/primary
                        provider:
                          mlxstack:
                            url: http://127.0.0.1:4000/v1
                            window: 32768
                            names: ["a", "b"]
                        """));
    }

    @ParameterizedTest
    @MethodSource("users")
    void onlyWhatDiffersIsTouched(Notation notation, String before, String after) {
        assertThat(with(notation, before, OURS)).isEqualTo(after);
    }

    @ParameterizedTest
    @MethodSource("users")
    void onceMoreChangesNothing(Notation notation, String before, String after) {
        assertThat(with(notation, after, OURS)).isEqualTo(after);
    }

    @ParameterizedTest
    @MethodSource("users")
    void linesEndAsTheyDo(Notation notation, String before, String after) {
        assertThat(with(notation, before.replace("\n", "\r\n"), OURS))
                .isEqualTo(before.contains("\n") ? after.replace("\n", "\r\n") : after);
    }

    @ParameterizedTest
    @MethodSource("users")
    void whatIsOursCanBeTakenOutOfWhatSomebodyChanged(Notation notation, String before, String after) {
        var there = notation.read(before).get();
        var kept = Merge.replaced(there, OURS);
        String changed = with(notation, after, map("later", 1));
        String undone = Merge.without(notation, changed, OURS, kept)
                .getOrElseThrow(flaw -> new AssertionError(flaw.toString()));
        var expected = new LinkedHashMap<>(there);
        // A name with nothing behind it says nothing.
        expected.values().removeIf(value -> value == null);
        expected.put("later", 1L);
        assertThat(notation.read(undone).get()).isEqualTo(expected);
    }

    @ParameterizedTest
    @MethodSource("users")
    void whatSomebodyChangedOfOursStays(Notation notation, String before, String after) {
        String changed = with(notation, after, map("model", "my-own", "provider", map("mlxstack", map("window", 1))));
        String undone = Merge.without(
                        notation,
                        changed,
                        OURS,
                        Merge.replaced(notation.read(before).get(), OURS))
                .get();
        assertThat(notation.read(undone).get()).containsEntry("model", "my-own");
        assertThat((Map<?, ?>) notation.read(undone).get().get("provider"))
                .extracting("mlxstack")
                .isEqualTo(map("window", 1L));
    }

    @Test
    void itemsOfAListAreKnownByTheirFields() {
        var wanted = map(
                "models",
                new Keyed(
                        List.of("name"),
                        List.of(map("name", "primary", "roles", List.of("chat")), map("name", "fast", "size", 1))));
        String before = """
                name: mine
                models:
                  # a paid one
                  - name: gpt
                    key: x
                  - name: fast   # small
                    size: 7
                    mine: true
                """;
        String after = with(new YamlText(), before, wanted);
        assertThat(after).isEqualTo("""
                name: mine
                models:
                  # a paid one
                  - name: gpt
                    key: x
                  - name: fast   # small
                    size: 1
                    mine: true
                  - name: primary
                    roles: ["chat"]
                """);
        assertThat(with(new YamlText(), after, wanted)).isEqualTo(after);
        var kept = Merge.replaced(new YamlText().read(before).get(), wanted);
        assertThat(Merge.without(new YamlText(), after, wanted, kept).get()).isEqualTo(before);
    }

    @Test
    void whatIsNoLongerWantedGoes() {
        var old = map("m", map("a", map("x", 1), "b", map("x", 2)));
        var now = map("m", map("b", map("x", 2)));
        assertThat(Merge.dropped(old, now)).isEqualTo(map("m", map("a", map("x", 1))));
        assertThat(Merge.dropped(old, old)).isEmpty();
    }

    static Stream<Arguments> broken() {
        return Stream.of(
                Arguments.of(new JsonText(), "{\n  \"a\": 1,\n  \"b\": \n}\n", 4, "invalid JSON: Unexpected character"),
                Arguments.of(new JsonText(), "[1]", 1, "expected names and values"),
                Arguments.of(
                        new JsonText(), "{\"provider\": []}", 1, "provider: expected names and values, found a list"),
                Arguments.of(new YamlText(), "a: 1\n b: 2\n", 2, "invalid YAML"),
                Arguments.of(new YamlText(), "a: &x {b: 1}\nprovider: *x\n", 1, "an alias"),
                Arguments.of(new TomlText(), "a = 1\nb = light\n", 2, "invalid TOML: found light"),
                Arguments.of(new TomlText(), "a = \"open\n", 1, "does not end"),
                Arguments.of(new TomlText(), "provider.other = 1\n", 1, "dotted names"));
    }

    @ParameterizedTest
    @MethodSource("broken")
    void whatCannotBeChangedIsToldWithItsPlace(Notation notation, String text, int line, String message) {
        var wanted = map("provider", map("mlxstack", 1));
        var flaw = Merge.with(notation, text, wanted);
        assertThat(flaw.isLeft()).as("%s", flaw).isTrue();
        assertThat(flaw.getLeft().line()).isEqualTo(line);
        assertThat(flaw.getLeft().message()).contains(message);
    }

    @Test
    void environmentFilesKeepTheirLines() {
        String before = "# mine\nexport A=1\nB='two' \n";
        var wanted = map("A", "http://127.0.0.1:4000/v1", "B", "two", "C", "a b");
        String after = with(new EnvText(), before, wanted);
        assertThat(after).isEqualTo("# mine\nexport A=http://127.0.0.1:4000/v1\nB='two' \nC=\"a b\"\n");
        assertThat(Merge.without(new EnvText(), after, wanted, map("A", "1", "B", "two"))
                        .get())
                .isEqualTo(before);
    }
}
