package mlxstack.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import mlxstack.reconcile.Effect.PreStop;
import mlxstack.reconcile.Effect.Signal;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the words of a stack file make the core do, one promise of the format a test. */
class StackFileRulesTest {

    private static final String JOB = "processes: [{name: a, command: [x%s], restart: {policy: %s}}]";

    @ParameterizedTest
    @DisplayName("a Completed process is not run again by a daemon restart or a reboot")
    @CsvSource({"OnFailure, 0", "Never, 0", "Never, 1"})
    void completedStaysSo(String policy, int code) {
        var file = JOB.formatted("", policy);
        var life = Life.of(0, file).spawned("a").exited("a", code).later(Duration.ofDays(1));
        assertThat(life.restarted().starts()).isEmpty();
        assertThat(life.rebooted().starts()).isEmpty();
        assertThat(life.file(file).starts()).isEmpty();
        assertThat(life.gate("a")).isNotEmpty();
    }

    @Test
    @DisplayName("a Completed process is run again by a changed template or by `restart`")
    void completedIsRunAgain() {
        var life = Life.of(0, JOB.formatted("", "OnFailure")).spawned("a").exited("a", 0);
        assertThat(life.forget().file(JOB.formatted(", y", "OnFailure")).starts())
                .containsExactly("a");
        life.spawned("a").exited("a", 0).forget();
        assertThat(life.feed(new Event.Commanded(new Command.Restart("a", "ada")))
                        .starts())
                .containsExactly("a");
    }

    private static final String DEPENDENT = """
            processes:
            - {name: a, command: [x], restart: {policy: %s}, probes: {readiness: {tcp: {port: 1}}}}
            - {name: b, command: [x], dependsOn: [{name: a, condition: %s}]}
            """;

    @ParameterizedTest(name = "{0}")
    @DisplayName("dependencies gate starts, by their condition")
    @CsvSource({
        "Started,   true, true,  false, false",
        "Ready,     false, true, false, false",
        "Completed, false, false, true, true",
        "Succeeded, false, false, true, false",
    })
    void conditions(String condition, boolean running, boolean ready, boolean succeeded, boolean failed) {
        var file = DEPENDENT.formatted("Never", condition);
        assertThat(Life.of(0, file).gate("b")).isEqualTo("DependencyNotReady");
        assertThat(Life.of(0, file).spawned("a").starts().contains("b")).isEqualTo(running);
        assertThat(Life.of(0, file).ready("a").starts().contains("b")).isEqualTo(ready || running);
        if (!running && !ready) {
            assertThat(Life.of(0, file).ready("a").exited("a", 0).starts().contains("b"))
                    .isEqualTo(succeeded);
            assertThat(Life.of(0, file).ready("a").exited("a", 3).starts().contains("b"))
                    .isEqualTo(failed);
        }
    }

    @Test
    @DisplayName("dependencies never restart dependents")
    void dependenciesNeverRestart() {
        var life = Life.of(0, DEPENDENT.formatted("Always", "Ready"))
                .ready("a")
                .spawned("b")
                .forget()
                .exited("a", 1);
        life.untilTimer("a");
        life.ready("a");
        assertThat(life.starts()).containsExactly("a");
        assertThat(life.all(Signal.class)).isEmpty();
    }

    @Test
    @DisplayName("replicas 0 is stopped, declared; stopSignal, terminationGracePeriod and preStop are how")
    void stopped() {
        var file = """
                processes:
                - {name: a, command: [x], stopSignal: INT, terminationGracePeriod: 7s, replicas: %d,
                   preStop: {exec: {command: [drain], timeout: 3s}}}
                """;
        var life = Life.of(0, file.formatted(1)).spawned("a").forget().file(file.formatted(0));
        assertThat(life.all(PreStop.class))
                .singleElement()
                .satisfies(hook -> assertThat(hook.timeoutNanos())
                        .isEqualTo(Duration.ofSeconds(3).toNanos()));
        assertThat(life.all(Signal.class)).isEmpty();
        life.feed(new Event.PreStopDone("a", life.unit("a").launch(), ""));
        assertThat(life.all(Signal.class)).extracting(Signal::signal).containsExactly("INT");
        assertThat(life.untilTimer("a")).isEqualTo(Duration.ofSeconds(7));
        assertThat(life.all(Signal.class)).extracting(Signal::signal).containsExactly("INT", "KILL");
        life.exited("a", 137).forget();
        assertThat(life.gate("a")).isEqualTo("ScaledToZero");
        assertThat(life.rebooted().starts()).isEmpty();
        assertThat(life.file(file.formatted(1)).starts()).containsExactly("a");
    }

    @Test
    @DisplayName("flapping.restarts: 0 turns it off")
    void flappingOff() {
        var life = Life.of(0, """
                processes:
                - {name: a, command: [x], flapping: {restarts: 0}, restart: {backoff: {initial: 10ms, max: 10ms}}}
                - {name: b, command: [x], flapping: {restarts: 3}, restart: {backoff: {initial: 10ms, max: 10ms}}}
                """);
        for (int i = 0; i < 30; i++) {
            life.spawned("a").later(Duration.ofMillis(20)).exited("a", 1);
            assertThat(life.gate("a")).isNotEqualTo("Flapping");
            life.untilTimer("a");
        }
        for (int i = 0; i < 3; i++) {
            life.ready("b").later(Duration.ofMillis(20)).exited("b", 1);
            if (life.gate("b").equals("Flapping")) {
                return;
            }
            life.untilTimer("b");
        }
        assertThat(life.gate("b")).as("with 3 it is held").isEqualTo("Flapping");
    }

    @ParameterizedTest(name = "{1} of {0}: {2}")
    @DisplayName("restart.permanentExitCodes: [78, 126, 127] unless they are others")
    @CsvSource(
            delimiter = '|',
            value = {
                "{}                          | 78  | Error",
                "{}                          | 126 | Error",
                "{}                          | 127 | Error",
                "{}                          | 1   | BackOff",
                "{permanentExitCodes: [3]}   | 3   | Error",
                "{permanentExitCodes: [3]}   | 78  | BackOff",
                "{permanentExitCodes: []}    | 127 | BackOff"
            })
    void permanentExitCodes(String restart, int code, String gate) {
        var life = Life.of(0, "processes: [{name: a, command: [x], restart: %s}]".formatted(restart))
                .spawned("a")
                .exited("a", code);
        assertThat(life.unit("a").timer() == null).as("never again").isEqualTo(gate.equals("Error"));
        assertThat(life.gate("a")).isEqualTo(gate);
    }

    @Test
    @DisplayName("an unset secret means Pending with SecretMissing, and a start once it is there")
    void secretMissing() {
        var life = Life.of(0, "processes: [{name: a, command: [x], env: {TOKEN: {env: T}}}]");
        life.feed(new Event.SpawnFailed("a", life.unit("a").launch(), new Obstacle.SecretMissing("env T")));
        assertThat(life.gate("a")).isEqualTo("SecretMissing");
        assertThat(life.gateMessage("a")).isEqualTo("secret env T is not set");
        life.forget().untilTimer("a");
        assertThat(life.all(Effect.Inspect.class)).hasSize(1);
        life.feed(new Event.Inspected("a", life.unit("a").launch(), null, null));
        assertThat(life.starts()).containsExactly("a");
    }
}
