package mlxstack.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import mlxstack.reconcile.Effect.Signal;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Ports and memory as a stack file asks for them, and what a refused file does: nothing. */
class AdmissionTest {

    private static final long GI = 1L << 30;

    @Test
    @DisplayName("port: optional, allotted from 8000 upward and remembered")
    void portsAreAllottedAndRemembered() {
        var life = Life.of(64 * GI, """
                endpoints:
                - {name: a, engine: simulator}
                - {name: b, engine: simulator, port: 8001}
                - {name: c, engine: simulator}
                """);
        assertThat(life.port("a")).isEqualTo(8000);
        assertThat(life.port("b")).isEqualTo(8001);
        assertThat(life.port("c")).isEqualTo(8002);
        life.ready("a", "b", "c").rebooted().file("""
                endpoints:
                - {name: c, engine: simulator, args: [-x]}
                - {name: d, engine: simulator}
                - {name: a, engine: simulator}
                """);
        assertThat(life.starts()).contains("a", "c", "d");
        assertThat(life.port("a")).isEqualTo(8000);
        assertThat(life.port("c")).isEqualTo(8002);
        assertThat(life.port("d")).isNotIn(8000, 8002).isBetween(8001, 8003);
    }

    private static final String TWO = """
            memory: {budget: 40%, reserve: 8Gi}
            endpoints:
            - {name: a, engine: simulator, memory: 1Gi}
            - {name: b, engine: simulator, memory: 1536Mi}
            """;

    @ParameterizedTest(name = "of {0} Gi: b is {1}")
    @DisplayName("memory budget = min(percent × total, total − reserve)")
    @CsvSource({
        // The reserve decides: min(4, 2) and min(4.4, 3).
        "10, InsufficientMemory",
        "11, ''",
        // The percentage does: 0.4 × 100.
        "100, ''",
        // Neither leaves anything.
        "8, InsufficientMemory",
    })
    void budget(int total, String gate) {
        assertThat(Life.of(total * GI, TWO).gate("b")).isEqualTo(gate);
    }

    @Test
    @DisplayName("memory budget: what does not fit is told in numbers")
    void budgetMessage() {
        assertThat(Life.of(10 * GI, TWO).gateMessage("b")).isEqualTo("needs 1.5Gi, 1Gi of 2Gi are free");
    }

    @Test
    @DisplayName("priority: higher is admitted first, wherever it stands in the file")
    void priority() {
        var life = Life.of(10 * GI, """
                memory: {reserve: 8Gi}
                endpoints:
                - {name: a, engine: simulator, memory: 1536Mi}
                - {name: b, engine: simulator, memory: 1536Mi, priority: 5}
                """);
        assertThat(life.starts()).containsExactly("b");
        assertThat(life.gate("a")).isEqualTo("InsufficientMemory");
    }

    @Test
    @DisplayName("unknown need is 0 for a helper")
    void helpersCountNothingUnlessTheySayMore() {
        var life = Life.of(10 * GI, """
                memory: {reserve: 8Gi}
                endpoints: [{name: a, engine: simulator, memory: 2Gi}]
                processes: [{name: p, command: [x]}, {name: q, command: [x], memory: 1Gi}]
                """);
        assertThat(life.starts()).contains("a", "p");
        assertThat(life.gate("q")).isEqualTo("InsufficientMemory");
    }

    @Test
    @DisplayName("nothing is preempted")
    void nothingIsPreempted() {
        var life = Life.of(10 * GI, TWO).ready("a").forget().file(TWO + """
                - {name: vip, engine: simulator, memory: 2Gi, priority: 1000}
                """);
        assertThat(life.gate("vip")).isEqualTo("InsufficientMemory");
        assertThat(life.all(Signal.class)).isEmpty();
    }

    @Test
    @DisplayName("adopted instances count")
    void adoptedInstancesCount() {
        var life = Life.of(10 * GI, TWO).ready("a").restarted("a");
        assertThat(life.starts()).isEmpty();
        assertThat(life.gate("b")).isEqualTo("InsufficientMemory");
    }

    @Test
    @DisplayName("a replaced instance keeps its reservation")
    void aReplacedInstanceKeepsItsReservation() {
        var life = Life.of(10 * GI, TWO)
                .ready("a")
                .forget()
                .file(TWO.replace("simulator, memory: 1Gi", "simulator, memory: 1Gi, args: [-x]"));
        assertThat(life.all(Signal.class))
                .singleElement()
                .extracting(Signal::name)
                .isEqualTo("a");
        life.exited("a", 0);
        assertThat(life.starts()).containsExactly("a");
        assertThat(life.gate("b")).isEqualTo("InsufficientMemory");
    }

    @Test
    @DisplayName("G04: the running set never changes because of an invalid file")
    void anInvalidFileChangesNothing() {
        var life = Life.of(64 * GI, TWO).ready("a", "b").forget();
        for (var standing : Source.Standing.values()) {
            life.feed(new Event.SourceChanged(new Source(standing, "/etc/stack.yaml", "ff", List.of("1:1: no"))));
        }
        life.feed(new Event.Resync());
        assertThat(life.starts()).isEmpty();
        assertThat(life.all(Signal.class)).isEmpty();
        assertThat(life.unit("a").ready() && life.unit("b").ready()).isTrue();
    }
}
