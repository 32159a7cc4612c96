package mlxstack.spec;

import static mlxstack.spec.Parsing.problems;
import static mlxstack.spec.Parsing.spec;
import static mlxstack.spec.Parsing.valid;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import mlxstack.spec.Probe.Handler;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The format, promise by promise. */
class FormatTest {

    @ParameterizedTest
    @ValueSource(strings = {"a", "0", "a-b", "a--b", "qwen3-8b", "9lives"})
    void names(String name) {
        assertThat(problems(spec("processes: [{name: \"" + name + "\", command: [x]}]")))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-a", "a-", "A", "a_b", "a.b", "a b", "a/b", "..", "ä", "gateway"})
    @DisplayName("names are file names on case-blind file systems, and one is reserved")
    void notNames(String name) {
        assertThat(problems(spec("processes: [{name: \"" + name + "\", command: [x]}]")))
                .singleElement()
                .asString()
                .contains("spec.processes[0].name");
    }

    @Test
    void namesHaveAtMost63Characters() {
        assertThat(problems(spec("processes: [{name: " + "a".repeat(63) + ", command: [x]}]")))
                .isEmpty();
        assertThat(problems(spec("processes: [{name: " + "a".repeat(64) + ", command: [x]}]")))
                .hasSize(1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "text            | text",
                "''              | ''",
                "'{env: NAME}'   | env NAME",
                "'{file: ~/key}' | file /home/ada/key",
                "'{file: key}'   | file /etc/key",
                "'{keychain: k}' | keychain k"
            })
    @DisplayName("env: {NAME: text} or {env}, {file}, {keychain}")
    void variables(String written, String meant) {
        var quoted = written.startsWith("{") ? written : "\"" + written + "\"";
        var value = valid(spec("processes: [{name: a, command: [x], env: {N: " + quoted + "}}]"))
                .workloads()
                .getFirst()
                .template()
                .env()
                .get("N");
        assertThat(
                        switch (value) {
                            case EnvValue.Text(String text) -> text;
                            case EnvValue.FromEnv(String name) -> "env " + name;
                            case EnvValue.FromFile(String path) -> "file " + path;
                            case EnvValue.FromKeychain(String item) -> "keychain " + item;
                            case null -> throw new AssertionError("no variable");
                        })
                .isEqualTo(meant);
    }

    @ParameterizedTest
    @MethodSource("handlers")
    @DisplayName("a probe is one of http, tcp, exec, log, with numbers of its own")
    void probes(String written, Handler meant) {
        var probe = valid(spec("""
                        processes:
                        - name: a
                          command: [x]
                          probes:
                            readiness: {%s, initialDelay: 1s, period: 2s, timeout: 3s, successThreshold: 4, failureThreshold: 5}
                        """.formatted(written)))
                .workloads()
                .getFirst()
                .policy()
                .probes()
                .readiness();
        assertThat(probe)
                .isEqualTo(new Probe(meant, Duration.ofSeconds(1), Duration.ofSeconds(2), Duration.ofSeconds(3), 4, 5));
    }

    static Stream<Arguments> handlers() {
        return Stream.of(
                Arguments.of("http: {port: 1, path: /x, headers: {a: b}}", new Handler.Http(1, "/x", Map.of("a", "b"))),
                Arguments.of("tcp: {port: 2}", new Handler.Tcp(2)),
                Arguments.of("exec: {command: [test, -f, y]}", new Handler.Exec(List.of("test", "-f", "y"))),
                Arguments.of("log: {pattern: \"ready .*\"}", new Handler.Log("ready .*")));
    }

    @ParameterizedTest
    @CsvSource({
        "Started, STARTED",
        "Ready, READY",
        "Completed, COMPLETED",
        "Succeeded, SUCCEEDED",
        ", READY",
    })
    @DisplayName("dependsOn[].condition: Started | Ready | Completed | Succeeded")
    void conditions(String written, Dependency.Condition meant) {
        var condition = written == null ? "" : ", condition: " + written;
        assertThat(valid(spec("processes: [{name: a, command: [x], dependsOn: [{name: gateway" + condition + "}]}]"))
                        .workloads()
                        .getFirst()
                        .dependsOn())
                .containsExactly(new Dependency("gateway", meant));
    }

    @ParameterizedTest
    @CsvSource({"Always, ALWAYS", "OnFailure, ON_FAILURE", "Never, NEVER"})
    @DisplayName("restart.policy: Always | OnFailure | Never")
    void policies(String written, RestartPolicy.When meant) {
        assertThat(valid(spec("processes: [{name: a, command: [x], restart: {policy: " + written + "}}]"))
                        .workloads()
                        .getFirst()
                        .policy()
                        .restart()
                        .when())
                .isEqualTo(meant);
    }

    private static @Nullable Reload reload(String text) {
        return valid(spec("processes: [{name: a, command: [x], reload: " + text + "}]"))
                .workloads()
                .getFirst()
                .reload();
    }

    @Test
    @DisplayName("reload: {signal} or {exec}")
    void reloads() {
        assertThat(reload("{signal: HUP}")).isEqualTo(new Reload.BySignal("HUP"));
        assertThat(reload("{exec: {command: [y]}}")).isEqualTo(new Reload.ByExec(List.of("y")));
        assertThat(problems(spec("processes: [{name: a, command: [x], reload: {signal: HUP, exec: {command: [y]}}}]")))
                .hasSize(1);
    }

    @Test
    @DisplayName("no secret is ever a literal: where one belongs, text is refused and not repeated")
    void secretsAreReferences() {
        for (var place : List.of(
                "providers: [{name: p, type: openai, baseUrl: 'https://x', apiKey: hunter2}]",
                "gateway: {keys: [{name: k, secret: hunter2}]}")) {
            assertThat(problems(spec(place)))
                    .singleElement()
                    .asString()
                    .contains("expected a reference to a secret")
                    .doesNotContain("hunter2");
        }
    }

    @Test
    @DisplayName("every error at once, in file order, whatever kind it is of")
    void everyErrorAtOnce() {
        var parsed = Parsing.parse(spec("""
                        endpoints:
                        - {name: a, engine: nope, port: 1.5}
                        - &x {name: a, engine: simulator, port: 4000, colour: red}
                        processes:
                        - {name: b, command: [y], dependsOn: [{name: zzz}, {name: b}], terminationGracePeriod: 5}
                        - {name: c, command: [y], env: {A: $, B: "${B}"}, probes: {liveness: {log: {pattern: "["}}}}
                        """));
        var found = parsed.getError().asJava();
        assertThat(found).hasSizeGreaterThanOrEqualTo(11).isSortedAccordingTo(Comparator.naturalOrder());
        assertThat(found).extracting(Problem::line).contains(6, 7, 9, 10).doesNotContain(1);
        assertThat(found).allSatisfy(problem -> assertThat(problem.path()).startsWith("spec."));
    }
}
