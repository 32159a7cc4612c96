package mlxstack.cli;

import static mlxstack.reconcile.Units.endpoint;
import static mlxstack.reconcile.Units.process;
import static mlxstack.reconcile.Units.ready;
import static mlxstack.reconcile.Units.stopped;
import static mlxstack.reconcile.Units.unit;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import mlxstack.api.Outcome;
import mlxstack.api.TestingControlPlane;
import mlxstack.reconcile.Command;
import mlxstack.reconcile.Units;
import org.junit.jupiter.api.Test;

class LifeVerbsTest {

    private final TestingControlPlane plane = new TestingControlPlane(
            Units.state(ready(endpoint("primary", 8000), 501), ready(process("web-ui", "open-webui"), 502)));
    private final Terminal terminal = new Terminal(plane);

    @Test
    void stopWaitsUntilItIsGone() throws InterruptedException {
        plane.onCommand = _ -> {
            plane.become(
                    Units.with(plane.state(), unit(process("web-ui", "open-webui"), stopped("ada", Duration.ZERO))));
            return new Outcome.Done("");
        };
        terminal.run("stop", "web-ui");
        assertThat(terminal.out()).isEqualTo("process/web-ui stopped\n");
        assertThat(plane.commands).containsExactly(new Command.Stop("web-ui", "ada", null));
    }

    @Test
    void aStopIsOverWhenSomebodyStartsItAgain() throws InterruptedException {
        // What was met has not ended: the other one's word counts.
        plane.onCommand = _ -> new Outcome.Done("");
        terminal.run("stop", "web-ui");
        assertThat(terminal.code).isEqualTo(1);
        assertThat(terminal.err())
                .isEqualTo("error: process/web-ui was started again by somebody before it had ended\n");
    }

    @Test
    void aStopWasDoneWhenAnotherLaunchRuns() throws InterruptedException {
        plane.onCommand = _ -> {
            plane.become(Units.with(plane.state(), unit(process("web-ui", "open-webui"), ready(503), Units.launch(4))));
            return new Outcome.Done("");
        };
        terminal.run("stop", "web-ui");
        assertThat(terminal.out()).isEqualTo("process/web-ui stopped\n");
        assertThat(terminal.code).isZero();
    }

    @Test
    void aLengthOfTimeEndsTheStopByItself() throws InterruptedException {
        terminal.run("stop", "primary", "--for", "1h30m", "--no-wait");
        var stop = (Command.Stop) plane.commands.getFirst();
        assertThat(stop.until()).isEqualTo(Units.now().in(Duration.ofMinutes(90)));
    }

    @Test
    void aRefusalIsTold() throws InterruptedException {
        plane.onCommand = _ -> new Outcome.Refused(List.of("the gateway cannot be stopped alone"));
        terminal.run("restart", "primary", "web-ui");
        assertThat(terminal.code).isEqualTo(1);
        assertThat(terminal.err()).contains("error: the gateway cannot be stopped alone");
        assertThat(plane.commands).hasSize(2);
    }

    @Test
    void anUnknownNameStopsEverythingBeforeItBegins() throws InterruptedException {
        terminal.run("restart", "primary", "webui");
        assertThat(terminal.code).isEqualTo(1);
        assertThat(terminal.err()).contains("\"webui\" not found; did you mean \"web-ui\"?");
        assertThat(plane.commands).isEmpty();
    }

    @Test
    void suspendAndResumeTakeTheWholeStackOrNames() throws InterruptedException {
        terminal.run("suspend", "--reason", "recording a demo");
        assertThat(terminal.out()).isEqualTo("stack/home suspended\n");
        terminal.run("resume", "endpoint/primary");
        assertThat(terminal.out()).isEqualTo("process/primary resumed\n");
        assertThat(plane.commands)
                .containsExactly(
                        new Command.Suspend(null, "ada", "recording a demo", null),
                        new Command.Resume("primary", "ada"));
    }

    @Test
    void whatIsSuspendedIsNotWaitedFor() throws InterruptedException {
        plane.become(Units.with(
                plane.state(), unit(process("web-ui", "open-webui"), Units.suspended("ada", Duration.ZERO))));
        terminal.run("restart", "web-ui", "--wait");
        assertThat(terminal.err())
                .isEqualTo("warning: process/web-ui is suspended; this takes effect with 'mlxstackctl resume'\n");
        assertThat(terminal.code).isZero();
    }

    @Test
    void whatIsSuspendedIsStoppedAllTheSame() throws InterruptedException {
        plane.become(Units.with(
                plane.state(), unit(process("web-ui", "open-webui"), Units.suspended("ada", Duration.ZERO))));
        terminal.run("stop", "web-ui", "--no-wait");
        assertThat(terminal.out()).isEqualTo("process/web-ui stopped\n");
        assertThat(terminal.err()).isEmpty();
    }

    @Test
    void nonsenseIsExplained() throws InterruptedException {
        terminal.run("stop", "primary", "--for=tomorrow");
        assertThat(terminal.code).isEqualTo(1);
        assertThat(terminal.err()).contains("expected a length of time such as 30s, 5m or 1h30m, found \"tomorrow\"");
        terminal.run("stop");
        assertThat(terminal.code).isEqualTo(1);
        assertThat(terminal.err()).contains("NAME").contains("See 'mlxstackctl stop --help' for usage.");
    }
}
