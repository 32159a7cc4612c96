package mlxstack.spec;

import static mlxstack.spec.Parsing.spec;
import static mlxstack.spec.Parsing.valid;
import static org.assertj.core.api.Assertions.assertThat;

import mlxstack.spec.WorkloadDiff.Field;
import mlxstack.spec.WorkloadDiff.Harm;
import org.junit.jupiter.api.Test;

class WorkloadDiffTest {

    private static Workload workload(String fields) {
        return valid(spec("processes:\n- name: a\n" + fields.indent(2)))
                .workloads()
                .getFirst();
    }

    private static WorkloadDiff diff(String before, String after) {
        return WorkloadDiff.between(workload(before), workload(after));
    }

    @Test
    void nothing() {
        assertThat(diff("command: [a]", "command: [ 'a' ]"))
                .isEqualTo(new WorkloadDiff(Harm.NONE, java.util.List.of()));
    }

    @Test
    void namesEveryFieldWithItsClass() {
        var diff = diff("""
                command: [a, b]
                description: x
                env: {KEEP: k, OLD: o, TOKEN: {env: A}}
                """, """
                command: [a, c]
                description: y
                env: {KEEP: k, NEW: n, TOKEN: {env: B}}
                restart: {backoff: {initial: 1m30s, max: 2m}}
                """);
        assertThat(diff.harm()).isEqualTo(Harm.RESTART);
        assertThat(diff.fields())
                .containsExactly(
                        new Field("description", "x", "y", Harm.METADATA),
                        new Field("command", "[a, b]", "[a, c]", Harm.RESTART),
                        new Field("env.OLD", "o", null, Harm.RESTART),
                        new Field("env.TOKEN", "{env: A}", "{env: B}", Harm.RESTART),
                        new Field("restart.backoff.initial", "1s", "1m30s", Harm.POLICY),
                        new Field("restart.backoff.max", "1m", "2m", Harm.POLICY),
                        new Field("env.NEW", null, "n", Harm.RESTART));
    }

    @Test
    void theHardestClassDecides() {
        assertThat(diff("command: [a]", "command: [a]\nlabels: {x: y}").harm()).isEqualTo(Harm.METADATA);
        assertThat(diff("command: [a]", "command: [a]\nlabels: {x: y}\nreplicas: 0")
                        .harm())
                .isEqualTo(Harm.POLICY);
    }

    @Test
    void aTriggerReloadsWhereAReloadIsDeclared() {
        var before = workload("command: [a]\nrestartTriggers: [f]\nreload: {signal: HUP}");
        var env = new Env(java.nio.file.Path.of("/home/ada"), MemoryEstimator.none(), _ -> "other");
        var text = spec("processes:\n- {name: a, command: [a], restartTriggers: [f], reload: {signal: HUP}}\n");
        var after = Parsing.parse(text, env).get().workloads().getFirst();
        assertThat(WorkloadDiff.between(before, after))
                .isEqualTo(new WorkloadDiff(
                        Harm.RELOAD,
                        java.util.List.of(
                                new Field("restartTriggers[\"/etc/f\"]", "digest of /etc/f", "other", Harm.RELOAD))));
    }
}
