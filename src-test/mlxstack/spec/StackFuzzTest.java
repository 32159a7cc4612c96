package mlxstack.spec;

import static org.assertj.core.api.Assertions.assertThat;

import io.vavr.collection.Seq;
import io.vavr.control.Validation;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Whatever stands in the file, the answer is a stack or a list of problems: no exception, no endless work, and what was
 * accepted means the same when it is written out and read again. A failure names its seed.
 */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class StackFuzzTest {

    private static final int VARIANTS = 3000;

    /** Pieces that mean something to YAML, to JSON Schema, to the shell of an attacker, or to nobody. */
    private static final String[] PIECES = {
        "&a ",
        "*a",
        "<<: ",
        "!!str ",
        "!",
        "{",
        "}",
        "[",
        "]",
        "\"",
        "'",
        "|\n",
        ">\n",
        "---\n",
        "...\n",
        "\t",
        "~",
        "null",
        "true",
        "-1",
        "0",
        "1e309",
        "99999999999999999999",
        "1.5",
        "0x1f",
        "017",
        ".inf",
        ".nan",
        "? ",
        ": ",
        "- ",
        "#",
        "%YAML 1.1\n",
        "\u00e9",
        "\ud83d\ude00",
        "\u2028",
        "\ufeff",
        "\u0000",
        "\u0007",
        "\\",
        "\\u0000",
        "\"\\ud800\"",
        "@",
        "`",
        ",",
        "\r\n",
        "name: gateway\n",
        "engine: command",
        "port: 4000",
        "9999999h",
        "6Gi",
        "40%",
        "dependsOn: [{name: fast}]",
        "env: {A: {env: B}}",
        "replicas: 0",
        "probes: {startup: {}}",
        "../../../..",
        "$HOME",
        "restart: {policy: Never}"
    };

    static List<Path> sources() throws IOException {
        return ExamplesTest.examples();
    }

    /** Valid, or problems people can use. */
    private static Validation<Seq<Problem>, Stack> read(byte[] bytes) {
        var parsed = Parsing.STACK_FILE.parse(bytes, Path.of("/etc/stack.yaml"), Parsing.ENV);
        if (parsed.isValid()) {
            roundTrip(parsed.get());
        } else {
            long lines = new String(bytes, StandardCharsets.UTF_8)
                    .chars()
                    .filter(c -> c == '\n' || c == '\r' || c == 0x85 || c == 0x2028 || c == 0x2029)
                    .count();
            assertThat(parsed.getError()).isNotEmpty().allSatisfy(problem -> {
                assertThat(problem.line()).isBetween(1, (int) lines + 2);
                assertThat(problem.column()).isPositive();
                assertThat(problem.message()).isNotBlank();
                assertThat(problem.toString()).hasSizeLessThan(2000).doesNotContain("\n", "\r", "Exception");
            });
        }
        return parsed;
    }

    private static void roundTrip(Stack stack) {
        var text = Rendered.file(stack);
        var again = Parsing.parse(text);
        if (again.isInvalid()) {
            throw new AssertionError(again.getError().mkString("\n") + "\n" + text);
        }
        assertThat(again.get().workloads()).isEqualTo(stack.workloads());
        assertThat(again.get().name()).isEqualTo(stack.name());
        assertThat(again.get().memory()).isEqualTo(stack.memory());
        assertThat(again.get().providers()).isEqualTo(stack.providers());
        assertThat(again.get().gateway()).isEqualTo(stack.gateway());
    }

    private static void read(String text, String what) {
        try {
            read(text.getBytes(StandardCharsets.UTF_8));
        } catch (Throwable e) {
            throw new AssertionError(what + " of:\n" + text, e);
        }
    }

    @ParameterizedTest
    @MethodSource("sources")
    @DisplayName("G03: every prefix of an example is a stack or a list of problems")
    void G03_everyPrefix(Path source) throws IOException {
        var bytes = Files.readAllBytes(source);
        int accepted = 0;
        for (int length = 0; length <= bytes.length; length++) {
            var prefix = Arrays.copyOf(bytes, length);
            try {
                accepted += read(prefix).isValid() ? 1 : 0;
            } catch (Throwable e) {
                throw new AssertionError("prefix of " + length + " bytes of " + source, e);
            }
        }
        assertThat(accepted).isPositive();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void mutants(long seed) throws IOException {
        var texts = new ArrayList<String>();
        for (var source : sources()) {
            texts.add(Files.readString(source));
        }
        texts.add(StackFileTest.full());
        var random = new Random(seed);
        int accepted = 0;
        for (int i = 0; i < VARIANTS / 4; i++) {
            var text = texts.get(random.nextInt(texts.size()));
            for (int n = 1 + random.nextInt(3); n > 0; n--) {
                text = mutant(text, texts, random);
            }
            read(text, "seed " + seed + " variant " + i);
            accepted += Parsing.parse(text).isValid() ? 1 : 0;
        }
        // If nothing or everything passed, the mutations would prove nothing.
        assertThat(accepted).isBetween(10, VARIANTS / 4 - 100);
    }

    private static String mutant(String text, List<String> others, Random random) {
        var lines = new ArrayList<>(Arrays.asList(text.split("\n", -1)));
        int line = random.nextInt(lines.size());
        int at = random.nextInt(text.length() + 1);
        return switch (random.nextInt(10)) {
            case 0 -> {
                lines.remove(line);
                yield String.join("\n", lines);
            }
            case 1 -> {
                lines.add(line, lines.get(line));
                yield String.join("\n", lines);
            }
            case 2 -> {
                Collections.swap(lines, line, random.nextInt(lines.size()));
                yield String.join("\n", lines);
            }
            case 3 -> {
                lines.set(line, " ".repeat(random.nextInt(4)) + lines.get(line));
                yield String.join("\n", lines);
            }
            case 4 -> {
                lines.set(line, lines.get(line).replaceFirst(" {1,2}", ""));
                yield String.join("\n", lines);
            }
            case 5 -> text.substring(0, at) + PIECES[random.nextInt(PIECES.length)] + text.substring(at);
            case 6 -> {
                int end = Math.min(text.length(), at + 1 + random.nextInt(20));
                yield text.substring(0, at) + text.substring(end);
            }
            case 7 -> {
                var other = others.get(random.nextInt(others.size()));
                yield text.substring(0, at) + other.substring(random.nextInt(other.length()));
            }
            case 8 ->
                lines.get(line)
                        .replaceFirst(
                                ": .*",
                                ": "
                                        + PIECES[random.nextInt(PIECES.length)]
                                                .replace("\\", "\\\\")
                                                .replace("$", "\\$"))
                        .transform(changed -> {
                            lines.set(line, changed);
                            return String.join("\n", lines);
                        });
            default -> {
                char c = (char) (random.nextInt(20) == 0 ? random.nextInt(0xd800) : 32 + random.nextInt(95));
                yield text.isEmpty() ? "" : text.substring(0, Math.max(0, at - 1)) + c + text.substring(at);
            }
        };
    }

    @Test
    void bytesThatAreNoText() {
        var random = new Random(5);
        var valid = StackFileTest.full().getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < 500; i++) {
            var bytes = valid.clone();
            for (int n = 1 + random.nextInt(5); n > 0; n--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            }
            try {
                read(bytes);
            } catch (Throwable e) {
                throw new AssertionError("variant " + i, e);
            }
        }
    }

    @Test
    void sizesNobodyWrites() {
        var mega = 1 << 20;
        for (var text : new String[] {
            "[".repeat(mega),
            "{a: ".repeat(mega / 4),
            "- ".repeat(mega / 2),
            "a:\n" + "- b\n".repeat(mega / 4 - 1),
            "? ".repeat(mega / 2),
            "a: &a [*a,".repeat(mega / 12),
            "a: " + "9".repeat(mega - 3),
            "a: \"" + "\\u0041".repeat(mega / 6 - 2) + "\"",
            "x".repeat(mega),
            "#".repeat(mega),
            "!".repeat(mega),
            "'".repeat(mega),
            Parsing.spec("processes: [{name: a, command: [x], terminationGracePeriod: " + "1s".repeat(200_000) + "}]"),
            Parsing.spec("processes: [{name: a, command: [x], probes: {startup: {log: {pattern: '" + "(".repeat(900)
                    + ")".repeat(90) + "'}}}}]")
        }) {
            read(text, "a large file");
        }
        var fields = new StringBuilder("spec:\n");
        for (int i = 0; fields.length() < mega - 100; i++) {
            fields.append("  prot").append(i).append(": 1\n");
        }
        read(fields.toString(), "a file of unknown fields");
    }

    @Test
    void aLongChainOfDependenciesIsNoCycle() {
        var chain = new StringBuilder();
        for (int i = 0; i < 10_000; i++) {
            chain.append("- {name: p%d, command: [x], dependsOn: [{name: p%d}]}\n".formatted(i, i + 1));
        }
        chain.append("- {name: p10000, command: [x]}\n");
        assertThat(Parsing.problems(Parsing.spec("processes:\n" + chain))).isEmpty();
        var closed = chain.toString()
                .replace("{name: p10000, command: [x]}", "{name: p10000, command: [x], dependsOn: [{name: p0}]}");
        assertThat(Parsing.problems(Parsing.spec("processes:\n" + closed)))
                .singleElement()
                .asString()
                .contains("dependency cycle: p0 → p1 → p2 → p3 → p4 → p5 → … → p9997 → p9998 → p9999 → p10000 → p0;");
    }
}
