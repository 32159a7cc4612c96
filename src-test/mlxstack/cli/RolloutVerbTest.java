package mlxstack.cli;

import static mlxstack.reconcile.Units.endpoint;
import static mlxstack.reconcile.Units.generation;
import static mlxstack.reconcile.Units.process;
import static mlxstack.reconcile.Units.progress;
import static mlxstack.reconcile.Units.ready;
import static mlxstack.reconcile.Units.running;
import static mlxstack.reconcile.Units.unit;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import mlxstack.api.TestingControlPlane;
import mlxstack.reconcile.Command;
import mlxstack.reconcile.Revision;
import mlxstack.reconcile.Units;
import mlxstack.spec.Stack;
import mlxstack.spec.Workload;
import org.junit.jupiter.api.Test;

class RolloutVerbTest {

    private final TestingControlPlane plane =
            new TestingControlPlane(Units.state(ready(endpoint("primary", 8000), 501)));
    private final Terminal terminal = new Terminal(plane);

    @Test
    void doneWhenTheNewOneIsReady() throws InterruptedException {
        terminal.run("rollout", "status", "primary");
        assertThat(terminal.out()).isEqualTo("process \"primary\" successfully rolled out\n");
        assertThat(terminal.code).isZero();
    }

    @Test
    void P18_aStaleObservedGenerationKeepsItWaiting() throws InterruptedException {
        plane.become(Units.state(unit(endpoint("primary", 8000), ready(501), generation(4, 3))));
        terminal.run("rollout", "status", "primary", "--timeout=1ms");
        assertThat(terminal.code).isEqualTo(1);
        assertThat(terminal.out()).isEqualTo("Waiting for process \"primary\" spec update to be observed...\n");
        assertThat(terminal.err()).isEqualTo("error: timed out waiting for the rollout of process \"primary\"\n");
    }

    @Test
    void G16_aPassedDeadlineIsAFailureAndOthersAreNotTouched() throws InterruptedException {
        plane.become(Units.state(
                unit(endpoint("primary", 8000), running(501, false, false), progress(4, true)),
                ready(process("web-ui", "open-webui"), 502)));
        terminal.run("rollout", "status", "primary");
        assertThat(terminal.code).isEqualTo(1);
        assertThat(terminal.err())
                .isEqualTo("error: process \"primary\" exceeded its progress deadline"
                        + " (Starting: waiting for its start-up probe)\n");
        terminal.run("rollout", "status", "web-ui");
        assertThat(terminal.code).isZero();
    }

    @Test
    void theStepsAreToldOnce() throws InterruptedException {
        plane.become(Units.state(unit(endpoint("primary", 8000), running(501, false, false), progress(4, false))));
        terminal.run("rollout", "status", "--watch=false");
        assertThat(terminal.out())
                .isEqualTo("Waiting for rollout of process \"primary\" to finish: it is not ready yet (Starting)...\n");
        assertThat(terminal.code).isZero();
    }

    @Test
    void anOvertakenRevisionFails() throws InterruptedException {
        terminal.run("rollout", "status", "primary", "--revision=7");
        assertThat(terminal.err())
                .isEqualTo("error: desired revision (7) is different from the running revision (1)\n");
    }

    private Revision revision(long number, Workload... workloads) {
        var latest = Objects.requireNonNull(plane.state().revision());
        var stack = latest.stack();
        return new Revision(
                number,
                "%02d".formatted(number).repeat(32),
                Units.ago(Duration.ofDays(10 - number)),
                number == 2 ? null : "4be1f2" + number,
                "/home/ada/stack.yaml",
                new Stack(
                        stack.name(),
                        stack.labels(),
                        stack.annotations(),
                        stack.memory(),
                        List.of(workloads),
                        List.of(),
                        stack.gateway(),
                        List.of()));
    }

    private static Workload changed(Workload w, String hash) {
        return new Workload(
                w.name(),
                w.kind(),
                w.description(),
                w.labels(),
                w.roles(),
                w.replicas(),
                w.priority(),
                w.dependsOn(),
                w.template(),
                hash,
                w.policy(),
                w.reload(),
                w.queue());
    }

    private void threeRevisions() {
        var primary = endpoint("primary", 8000);
        plane.revisions.add(revision(1, changed(primary, "v1:old")));
        plane.revisions.add(revision(2, changed(primary, "v1:old"), process("web-ui", "open-webui")));
        plane.revisions.add(revision(3, primary));
    }

    @Test
    void historyListsRevisionsAndThoseThatChangedOne() throws InterruptedException {
        threeRevisions();
        terminal.run("rollout", "history");
        assertThat(terminal.out()).isEqualTo("""
                REVISION   ACCEPTED   DIGEST         COMMIT    FILE
                1          9d         010101010101   4be1f21   /home/ada/stack.yaml
                2          8d         020202020202   <none>    /home/ada/stack.yaml
                3          7d         030303030303   4be1f23   /home/ada/stack.yaml
                """);
        terminal.run("rollout", "history", "primary");
        assertThat(terminal.out().lines().map(l -> l.split(" ")[0])).containsExactly("REVISION", "1", "3");
        terminal.run("rollout", "history", "primary", "--revision=1");
        assertThat(terminal.out()).startsWith("engine: llama-server\nmodel: Qwen3-8B-Q4_K_M.gguf\n");
    }

    @Test
    void undoPinsTheLatestDifferentDefinition() throws InterruptedException {
        threeRevisions();
        terminal.run("rollout", "undo", "primary");
        assertThat(terminal.out()).isEqualTo("process/primary rolled back to revision 2\n");
        var pin = (Command.Pin) plane.commands.getFirst();
        assertThat(pin.workload().templateHash()).isEqualTo("v1:old");
        terminal.run("rollout", "undo", "primary", "--to-revision=9");
        assertThat(terminal.err()).contains("unable to find specified revision 9");
        terminal.run("rollout", "undo", "primary", "--to-file");
        assertThat(plane.commands.getLast()).isEqualTo(new Command.Unpin("primary", "ada"));
    }
}
