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

class GetVerbTest {

    private final TestingControlPlane plane = new TestingControlPlane(Units.state(
            ready(endpoint("primary", 8000), 501),
            ready(Units.gateway(4000), 502),
            unit(process("web-ui", "open-webui", "serve"), crashing(5, new ExitStatus.Code(3)))));
    private final Terminal terminal = new Terminal(plane);

    @Test
    void processesAreTheDefault() throws InterruptedException {
        terminal.run("get");
        assertThat(terminal.out()).isEqualTo("""
                NAME      READY   STATUS             RESTARTS      AGE
                gateway   True    Running            0             120m
                primary   True    Running            0             120m
                web-ui    False   CrashLoopBackOff   5 (12s ago)   120m
                """);
        assertThat(terminal.err()).isEmpty();
        assertThat(terminal.code).isZero();
    }

    @Test
    void wideShowsEverything() throws InterruptedException {
        plane.memory.put("primary", 5_905_580_032L);
        terminal.run("get", "primary", "web-ui", "-owide");
        assertThat(terminal.out()).isEqualTo("""
                NAME      READY   STATUS             RESTARTS      AGE    PID      PORT     MODEL                  MEM      GENERATION   NEXT-RETRY   REASON
                primary   True    Running            0             120m   501      8000     Qwen3-8B-Q4_K_M.gguf   5.5Gi    1            <none>       <none>
                web-ui    False   CrashLoopBackOff   5 (12s ago)   120m   <none>   <none>   <none>                 <none>   1            8s           back-off 20s restarting failed process=web-ui; the last run exited with code 3
                """);
    }

    @Test
    void allPrefixesNamesAndSeparatesTablesByOneBlankLine() throws InterruptedException {
        terminal.run("get", "all");
        assertThat(terminal.out()).isEqualTo("""
                NAME         PROCESSES   READY   AGE
                stack/home   2/3         False   60m

                NAME              READY   STATUS             RESTARTS      AGE
                process/gateway   True    Running            0             120m
                process/primary   True    Running            0             120m
                process/web-ui    False   CrashLoopBackOff   5 (12s ago)   120m
                """);
    }

    @Test
    void endpointsShowWhereTheyAnswer() throws InterruptedException {
        terminal.run("get", "mep", "--no-headers", "--show-labels");
        assertThat(terminal.out())
                .isEqualTo("primary   http://127.0.0.1:8000   True   120m   mlxstack.dev/engine=llama-server,"
                        + "mlxstack.dev/kind=endpoint,mlxstack.dev/stack=home,tier=model\n");
    }

    @Test
    void aMissingNameIsNotFoundAndTheOthersAreShown() throws InterruptedException {
        terminal.run("get", "primry", "gateway");
        assertThat(terminal.code).isEqualTo(1);
        assertThat(terminal.out()).contains("gateway").doesNotContain("web-ui");
        assertThat(terminal.err())
                .isEqualTo("Error from server (NotFound): processes.mlxstack.dev \"primry\" not found;"
                        + " did you mean \"primary\"?\n");
        terminal.run("get", "primry", "--ignore-not-found");
        assertThat(terminal.code).isZero();
        assertThat(terminal.err()).isEmpty();
    }

    @Test
    void anEmptyListIsNoError() throws InterruptedException {
        terminal.run("get", "providers");
        assertThat(terminal.code).isZero();
        assertThat(terminal.out()).isEmpty();
        assertThat(terminal.err()).isEqualTo("No resources found\n");
        terminal.run("get", "providers", "-o", "json");
        assertThat(terminal.err()).isEmpty();
        assertThat(terminal.out()).contains("\"kind\": \"List\"").contains("\"items\": []");
    }

    @Test
    void labelsSelect() throws InterruptedException {
        terminal.run("get", "-l", "tier in (helper),mlxstack.dev/engine!=gateway", "-o", "name");
        assertThat(terminal.out()).isEqualTo("process.mlxstack.dev/web-ui\n");
    }

    @Test
    void jsonPathReadsOneField() throws InterruptedException {
        terminal.run("get", "primary", "-o", "jsonpath={.status.pid}");
        assertThat(terminal.out()).isEqualTo("501");
        terminal.run("get", "-o", "jsonpath={range .items[*]}{.metadata.name}={.status.state}{\"\\n\"}{end}");
        assertThat(terminal.out()).isEqualTo("gateway=healthy\nprimary=healthy\nweb-ui=crashed\n");
    }

    @Test
    void sortByAField() throws InterruptedException {
        terminal.run("get", "--sort-by=.status.restarts", "-o", "name");
        assertThat(terminal.out()).endsWith("process.mlxstack.dev/web-ui\n");
        terminal.run("get", "--sort-by={.status.pid}", "--no-headers");
        assertThat(terminal.out().lines().map(l -> l.split(" ")[0])).containsExactly("web-ui", "primary", "gateway");
    }

    @Test
    void eventsAreOldestFirstAndHarmless() throws InterruptedException {
        plane.event("primary", EmitEvent.Type.NORMAL, "Started", "started with pid 501", Duration.ofMinutes(30), 1);
        plane.event(
                "web-ui",
                EmitEvent.Type.WARNING,
                "BackOff",
                "bad \u001b[31mred\u001b[0m\nline",
                Duration.ofSeconds(12),
                4);
        terminal.run("get", "events");
        assertThat(terminal.out()).isEqualTo("""
                LAST SEEN           TYPE      REASON    OBJECT            MESSAGE
                30m                 Normal    Started   process/primary   started with pid 501
                12s (x4 over 60m)   Warning   BackOff   process/web-ui    bad red line
                """);
    }

    @Test
    void aWatchGoesOnWithEveryChangeUntilItsClientGoes() throws Exception {
        var thread = Thread.ofVirtual().start(() -> {
            try {
                terminal.run("get", "primary", "-w", "--output-watch-events");
            } catch (InterruptedException _) {
                // The client has gone.
            }
        });
        while (plane.listeners() == 0 && thread.isAlive()) {
            Thread.onSpinWait();
        }
        plane.become(Units.with(plane.state(), unit(process("web-ui"), crashing(9, new ExitStatus.Code(3)))));
        plane.become(Units.with(plane.state(), unit(endpoint("primary", 8000), Units.running(501, true, false))));
        while (!terminal.out().contains("MODIFIED") && thread.isAlive()) {
            Thread.onSpinWait();
        }
        plane.become(Units.without(plane.state(), "primary"));
        while (!terminal.out().contains("DELETED") && thread.isAlive()) {
            Thread.onSpinWait();
        }
        thread.interrupt();
        assertThat(thread.join(Duration.ofSeconds(20))).isTrue();
        assertThat(terminal.out())
                .startsWith("""
                EVENT   NAME      READY   STATUS    RESTARTS   AGE
                ADDED   primary   True    Running   0          120m
                """)
                .endsWith("DELETED   primary   False   NotReady   0          120m\n")
                .doesNotContain("web-ui");
        assertThat(plane.listeners()).isZero();
    }

    @Test
    void mistypedFlagsAndVerbsAreExplained() throws InterruptedException {
        terminal.run("get", "--no-header");
        assertThat(terminal.code).isEqualTo(1);
        assertThat(terminal.err()).isEqualTo("""
                error: unknown flag: --no-header; did you mean "--no-headers"?
                See 'mlxstackctl get --help' for usage.
                """);
        terminal.run("gte");
        assertThat(terminal.code).isEqualTo(1);
        assertThat(terminal.err())
                .startsWith("error: unknown command \"gte\" for \"mlxstackctl\"; did you mean \"get\"?");
    }

    @Test
    void helpHasExamplesOptionsAndUsage() throws InterruptedException {
        terminal.run("get", "--help");
        assertThat(terminal.code).isZero();
        assertThat(terminal.out())
                .startsWith("Show what there is, one line each.\n")
                .contains("Examples:\n  # All processes\n  mlxstackctl get\n")
                .contains("  -o, --output=FORMAT ")
                .endsWith("Usage:\n  mlxstackctl get [KIND|NAME...] [options]\n");
    }
}
