package mlxstack.spec;

import static mlxstack.spec.Parsing.spec;
import static mlxstack.spec.Parsing.valid;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.HashSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TemplateHashTest {

    private static final String BASE = """
            - name: a
              engine: llama-server
              model: m
            """;

    private static String hash(String more) {
        return valid(spec("endpoints:\n" + BASE + more.indent(2)))
                .workloads()
                .getFirst()
                .templateHash();
    }

    /** Written down: another value here would restart every model of every user at the next upgrade. */
    @Test
    void staysTheSameAcrossVersions() {
        assertThat(hash("")).isEqualTo("v1:b97695f71a560c919b377529b975b8d6");
        assertThat(hash("""
                        args: [-x, y]
                        env: {B: {env: T}, A: text}
                        envFrom: [{file: e.env}]
                        workingDirectory: w
                        port: 8000
                        contextWindow: 1
                        concurrency: 2
                        restartTriggers: [t]
                        """)).isEqualTo("v1:20f33e3d0d09878e2eeabc95e2302603");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "description: d",
                "labels: {a: b}",
                "priority: 3",
                "replicas: 0",
                "memory: 1Gi",
                "stopSignal: INT",
                "restart: {policy: Never}",
                "probes: {liveness: {period: 3s}}",
                "killMode: session",
                "roles: [r]",
                "logs: {maxFiles: 2}",
                "flapping: {restarts: 0}",
                "reload: {signal: HUP}",
                "terminationGracePeriod: 1s",
                "rollout: {autoRevert: true}",
                "queue: {maxWaiting: 1}",
                "preStop: {exec: {command: [x]}}"
            })
    void onlyRestartClassFieldsCount(String field) {
        assertThat(hash(field)).isEqualTo(hash(""));
    }

    @Test
    void everyRestartClassFieldCounts() {
        var hashes = new HashSet<String>();
        var variants = new String[] {
            "",
            "args: [a, b]",
            "args: [b, a]",
            "args: ['a, b']",
            "env: {A: x}",
            "env: {A: {env: x}}",
            "env: {A: {file: /x}}",
            "env: {A: {keychain: x}}",
            "env: {A: 'env x'}",
            "envFrom: [{file: x}]",
            "workingDirectory: /x",
            "port: 1",
            "contextWindow: 1",
            "concurrency: 1",
            "restartTriggers: [/x]"
        };
        for (var variant : variants) {
            assertThat(hashes.add(hash(variant))).as(variant).isTrue();
        }
    }

    @Test
    void orderOfFieldsAndVariablesDoesNotCount() {
        assertThat(hash("env: {A: x, B: y}")).isEqualTo(hash("env: {B: y, A: x}"));
        assertThat(hash("env: {A: x, B: y}\nport: 3")).isEqualTo(hash("port: 3\nenv: {B: y, A: x}"));
    }

    @Test
    void aTriggersContentCounts() {
        var text = spec("endpoints:\n" + BASE + "  restartTriggers: [conf]\n");
        var one = Parsing.parse(text, env("1")).get().workloads().getFirst();
        var two = Parsing.parse(text, env("2")).get().workloads().getFirst();
        assertThat(one.template().restartTriggers()).containsExactly(java.util.Map.entry("/etc/conf", "1"));
        assertThat(one.templateHash()).isNotEqualTo(two.templateHash());
    }

    private static Env env(String digest) {
        return new Env(Path.of("/home/ada"), MemoryEstimator.none(), _ -> digest);
    }
}
