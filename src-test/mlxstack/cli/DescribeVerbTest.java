package mlxstack.cli;

import static mlxstack.reconcile.Units.crashing;
import static mlxstack.reconcile.Units.endpoint;
import static mlxstack.reconcile.Units.process;
import static mlxstack.reconcile.Units.ready;
import static mlxstack.reconcile.Units.unit;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import mlxstack.api.TestingControlPlane;
import mlxstack.reconcile.Effect.EmitEvent;
import mlxstack.reconcile.ExitStatus;
import mlxstack.reconcile.Units;
import org.junit.jupiter.api.Test;

class DescribeVerbTest {

    private final TestingControlPlane plane = new TestingControlPlane(Units.state(
            ready(endpoint("primary", 8000), 501),
            unit(process("web-ui", "open-webui", "serve"), crashing(5, new ExitStatus.Signal(11, "SEGV", true)))));
    private final Terminal terminal = new Terminal(plane);

    @Test
    void aReadyEndpoint() throws InterruptedException {
        plane.memory.put("primary", 5_905_580_032L);
        terminal.run("describe", "primary");
        assertThat(terminal.out()).isEqualTo("""
                Name:            primary
                Kind:            Endpoint
                Labels:          mlxstack.dev/engine=llama-server
                                 mlxstack.dev/kind=endpoint
                                 mlxstack.dev/stack=home
                                 tier=model
                Created:         Sat, 14 Mar 2026 10:00:00 +0000
                Status:          healthy (Running)
                PID:             501
                Port:            8000
                URL:             http://127.0.0.1:8000
                Generation:      1
                Launch:          3
                Engine:          llama-server
                Model:           Qwen3-8B-Q4_K_M.gguf
                State:           Running
                  Started:       Sat, 14 Mar 2026 11:30:00 +0000
                Ready:           True
                Restart Count:   0
                Memory:          declared 6Gi, current 5.5Gi
                Readiness:       the engine's health page delay=0s timeout=1s period=5s #success=1 #failure=3
                Restart Policy:  Always, back-off 1s to 1m
                Grace Period:    30s
                Conditions:
                  Type    Status   Reason   Last Transition                   Message
                  ----    ------   ------   ---------------                   -------
                  Ready   True     Ready    Sat, 14 Mar 2026 11:31:00 +0000   <none>
                Events:  <none>
                """);
    }

    @Test
    void aCrashLoopShowsTheLastRunAndEndsWithEvents() throws InterruptedException {
        plane.event("web-ui", EmitEvent.Type.WARNING, "BackOff", "back-off 20s", Duration.ofSeconds(12), 4);
        terminal.run("describe", "process", "web-ui");
        assertThat(terminal.out()).isEqualTo("""
                Name:            web-ui
                Kind:            Process
                Labels:          mlxstack.dev/engine=command
                                 mlxstack.dev/kind=process
                                 mlxstack.dev/stack=home
                                 tier=helper
                Created:         Sat, 14 Mar 2026 10:00:00 +0000
                Status:          crashed (CrashLoopBackOff)
                Message:         back-off 20s restarting failed process=web-ui; the last run was ended by SIGSEGV (core dumped)
                PID:             <none>
                Port:            <none>
                Generation:      1
                Launch:          5
                Engine:          command
                Command:         open-webui serve
                State:           Waiting
                  Reason:        CrashLoopBackOff
                  Next Attempt:  Sat, 14 Mar 2026 12:00:08 +0000
                Last State:      Terminated
                  Reason:        Error
                  Signal:        11 (SIGSEGV), core dumped
                  Started:       Sat, 14 Mar 2026 11:59:40 +0000
                  Finished:      Sat, 14 Mar 2026 11:59:48 +0000
                Ready:           False
                Restart Count:   5
                Restart Policy:  Always, back-off 1s to 1m
                Grace Period:    30s
                Conditions:
                  Type    Status   Reason             Last Transition                   Message
                  ----    ------   ------             ---------------                   -------
                  Ready   False    CrashLoopBackOff   Sat, 14 Mar 2026 11:31:00 +0000   back-off 20s
                Events:
                  Type      Reason    Age                 From        Message
                  ----      ------    ---                 ----        -------
                  Warning   BackOff   12s (x4 over 60m)   mlxstackd   back-off 20s
                """);
    }

    @Test
    void theStack() throws InterruptedException {
        terminal.run("describe", "stack/home");
        assertThat(terminal.out()).isEqualTo("""
                Name:             home
                Kind:             Stack
                Labels:           host=studio
                Annotations:      <none>
                Status:           CrashLoopBackOff
                Message:          web-ui: back-off 20s restarting failed process=web-ui; the last run was ended by SIGSEGV (core dumped)
                Processes:        1 ready of 2
                File:             /home/ada/stack.yaml
                File State:       valid
                Revision:         7
                Digest:           3f9ac13f9ac13f9ac13f9ac13f9ac13f9ac13f9ac13f9ac13f9ac13f9ac1abcd
                Commit:           4be1f20
                Accepted:         60m ago
                Gateway:          127.0.0.1:4000
                Memory Reserved:  12Gi
                Memory Budget:    25.6Gi
                Events:  <none>
                """);
    }

    @Test
    void aMissingNameIsNotFound() throws InterruptedException {
        terminal.run("describe", "nope");
        assertThat(terminal.code).isEqualTo(1);
        assertThat(terminal.err())
                .isEqualTo("Error from server (NotFound): processes.mlxstack.dev \"nope\" not found\n");
    }
}
