package mlxstack.api;

import static mlxstack.reconcile.Units.completed;
import static mlxstack.reconcile.Units.crashing;
import static mlxstack.reconcile.Units.endpoint;
import static mlxstack.reconcile.Units.failed;
import static mlxstack.reconcile.Units.gate;
import static mlxstack.reconcile.Units.held;
import static mlxstack.reconcile.Units.obstacle;
import static mlxstack.reconcile.Units.ready;
import static mlxstack.reconcile.Units.removed;
import static mlxstack.reconcile.Units.running;
import static mlxstack.reconcile.Units.stopped;
import static mlxstack.reconcile.Units.stopping;
import static mlxstack.reconcile.Units.suspended;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.stream.Stream;
import mlxstack.reconcile.ExitStatus;
import mlxstack.reconcile.Obstacle;
import mlxstack.reconcile.Phase;
import mlxstack.reconcile.State;
import mlxstack.reconcile.Units;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ViewTest {

    private static final ExitStatus THREE = new ExitStatus.Code(3);

    private static Arguments that(String word, String reason, String message, Units.Change... changes) {
        return Arguments.of(word, reason, message, Units.unit(endpoint("x", 8000), changes));
    }

    static Stream<Arguments> looks() {
        return Stream.of(
                that("healthy", "Running", "", ready(1)),
                that("starting", "Starting", "waiting for its start-up probe", running(1, false, false)),
                that("degraded", "NotReady", "readiness probe fails: HTTP 503", running(1, true, false)),
                that("crashed", "Error", "the last run exited with code 3", crashing(1, THREE)),
                that("crashed", "CrashLoopBackOff", "back-off 20s restarting failed process=x", crashing(2, THREE)),
                that("flapping", "Flapping", "was ended by SIGSEGV (core dumped)", held()),
                that("stopped", "Completed", "", completed()),
                that("failed", "Error", "exit code 78 is permanent", failed()),
                that("stopped", "Stopped", "stopped by ada", stopped("ada", Duration.ZERO)),
                that("stopped", "Stopped", "stopped by ada", crashing(3, THREE), stopped("ada", Duration.ZERO)),
                that("stopped", "Suspended", "", suspended("ada", Duration.ZERO)),
                that("stopped", "Suspended", "", crashing(3, THREE), suspended("ada", Duration.ZERO)),
                that("healthy", "Running", "", ready(1), suspended("ada", Duration.ZERO)),
                that("stopped", "Terminating", "being stopped", stopping(1, Phase.Why.STOP)),
                that("starting", "Terminating", "being replaced", stopping(1, Phase.Why.ROLLOUT)),
                that("down", "Terminating", "liveness probe failed", stopping(1, Phase.Why.LIVENESS)),
                that("stopped", "Terminating", "no longer in the stack file", removed()),
                that("pending", "Pending", "about to be started"),
                that("pending", "InsufficientMemory", "needs 6Gi", gate("InsufficientMemory", "needs 6Gi")),
                that(
                        "pending",
                        "PortConflict",
                        "port 8000 is held by python3 (pid 77)",
                        obstacle(new Obstacle.PortInUse(8000, 77, "python3")),
                        crashing(2, THREE)),
                that("pending", "SecretMissing", "secret env KEY", obstacle(new Obstacle.SecretMissing("env KEY"))),
                that(
                        "failed",
                        "BinaryMissing",
                        "install it",
                        obstacle(new Obstacle.Unusable(
                                Obstacle.Thing.BINARY, "/x", "no \u001b[2Jllama-server: install it"))));
    }

    @ParameterizedTest
    @MethodSource("looks")
    void oneWordAndTheMostTellingReason(String word, String reason, String message, mlxstack.reconcile.Unit unit) {
        View view = View.of(Units.state(unit), unit);
        assertThat(view.word().text()).isEqualTo(word);
        assertThat(view.reason()).isEqualTo(reason);
        assertThat(view.message()).contains(message).doesNotContain("\u001b");
    }

    @Test
    void theWholeStackDownIsSaidOfEachUnit() {
        State state = Units.down(Units.state(Units.unit(endpoint("x", 8000))), "ada");
        var view = ((Item.Supervised) Items.of(Kind.PROCESS, state).getFirst()).view();
        assertThat(view.word()).isEqualTo(View.Word.STOPPED);
        assertThat(StackView.of(state).reason()).isEqualTo("Down");
    }

    @Test
    void theStackTellsOfItsWorst() {
        State state = Units.state(
                Units.ready(endpoint("a", 1), 1),
                Units.unit(endpoint("b", 2), running(2, false, false)),
                Units.unit(endpoint("c", 3), failed()),
                Units.unit(endpoint("d", 4), completed()));
        var view = StackView.of(state);
        assertThat(view.wanted()).isEqualTo(3);
        assertThat(view.ready()).isEqualTo(1);
        assertThat(view.allReady()).isFalse();
        assertThat(view.message()).startsWith("c: ");
    }
}
