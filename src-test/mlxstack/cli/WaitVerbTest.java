package mlxstack.cli;

import static mlxstack.reconcile.Units.endpoint;
import static mlxstack.reconcile.Units.generation;
import static mlxstack.reconcile.Units.ready;
import static mlxstack.reconcile.Units.running;
import static mlxstack.reconcile.Units.unit;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletableFuture;
import mlxstack.api.TestingControlPlane;
import mlxstack.reconcile.State;
import mlxstack.reconcile.Units;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WaitVerbTest {

    private final State starting = Units.state(unit(endpoint("primary", 8000), running(501, false, false)));
    private final TestingControlPlane plane = new TestingControlPlane(starting);
    private final Terminal terminal = new Terminal(plane);

    /** Runs the command on a thread of its own and makes {@code next} the state once it waits. */
    private void runThen(State next, String... args) throws Exception {
        var done = new CompletableFuture<Void>();
        Thread.ofVirtual().start(() -> {
            try {
                terminal.run(args);
                done.complete(null);
            } catch (InterruptedException | RuntimeException e) {
                done.completeExceptionally(e);
            }
        });
        while (plane.listeners() == 0 && !done.isDone()) {
            Thread.onSpinWait();
        }
        assertThat(done).isNotDone();
        plane.become(next);
        done.get(20, java.util.concurrent.TimeUnit.SECONDS);
    }

    @Test
    void untilReady() throws Exception {
        runThen(Units.state(ready(endpoint("primary", 8000), 501)), "wait", "primary", "--for=condition=Ready");
        assertThat(terminal.out()).isEqualTo("process.mlxstack.dev/primary condition met\n");
        assertThat(terminal.code).isZero();
    }

    @Test
    void untilGone() throws Exception {
        runThen(Units.without(starting, "primary"), "wait", "process/primary", "--for=delete");
        assertThat(terminal.out()).isEqualTo("process.mlxstack.dev/primary deleted\n");
    }

    @Test
    void untilAFieldHasAValue() throws Exception {
        runThen(
                Units.state(ready(endpoint("primary", 8000), 501)),
                "wait",
                "endpoint",
                "primary",
                "--for=jsonpath={.status.state}=healthy");
        assertThat(terminal.out()).isEqualTo("endpoint.mlxstack.dev/primary condition met\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"process/primary", "endpoint/primary"})
    void P18_whatWasObservedOfAnOlderDefinitionDoesNotCount(String target) throws Exception {
        var stale = unit(endpoint("primary", 8000), ready(501), generation(4, 3));
        plane.become(Units.state(stale));
        runThen(Units.state(ready(endpoint("primary", 8000), 502)), "wait", target, "--for=condition=Ready");
        assertThat(terminal.code).isZero();
    }

    @Test
    void theTimeIsUp() throws Exception {
        terminal.run("wait", "primary", "--for=condition=Ready", "--timeout=1ms");
        assertThat(terminal.code).isEqualTo(1);
        assertThat(terminal.err()).isEqualTo("error: timed out waiting for the condition on processes/primary\n");
    }

    @Test
    void aMissingNameIsNotWaitedFor() throws Exception {
        terminal.run("wait", "nope", "--for=condition=Ready");
        assertThat(terminal.err())
                .startsWith("Error from server (NotFound): processes.mlxstack.dev \"nope\" not found");
        terminal.run("wait", "primary", "--for=sunshine");
        assertThat(terminal.err()).startsWith("error: unrecognized condition: \"sunshine\"");
    }
}
