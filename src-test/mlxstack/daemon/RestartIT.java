package mlxstack.daemon;

import static java.time.Duration.ofMillis;
import static mlxstack.daemon.Testimony.shell;
import static mlxstack.daemon.Testimony.stack;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import mlxstack.daemon.Testimony.Delay;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Restarts and back-off with real processes; the curve at default values is proved in virtual time. */
class RestartIT {

    private static final String NO_FLAPPING = "flapping: {restarts: 0}";
    /** Longer than a loaded machine keeps anything waiting. */
    private static final long LATE = 10_000;

    private final Rig rig = new Rig();
    private final Testimony told = new Testimony(rig);

    @AfterEach
    void end() {
        rig.close();
    }

    private static String backoff(String knobs) {
        return "restart: {backoff: {" + knobs + "}}";
    }

    /** Each wait of a streak: what it was announced as, and what it came to. */
    private void followsTheCurve(String name, long... delays) {
        for (int i = 0; i < delays.length; i++) {
            assertThat(told.gaps(name).get(i)).as("wait %d", i + 1).isBetween(delays[i], delays[i] * 125 / 100 + LATE);
        }
        for (Delay delay : told.delays(name)) {
            long expected = delays[Math.min(delay.failure(), delays.length) - 1];
            assertThat(delay.length())
                    .as("%s", delay)
                    .isBetween(ofMillis(expected), ofMillis(expected * 125 / 100 + 51));
        }
    }

    @Test
    @DisplayName("R01 what exits 1 at once is started on the curve; CrashLoopBackOff with the next attempt's time")
    void r01Curve() {
        rig.stack(stack(shell("a", "exit 1", backoff("initial: 100ms, max: 1s"), NO_FLAPPING)))
                .start();
        rig.until(() -> told.starts("a").size() >= 6);
        followsTheCurve("a", 100, 200, 400, 800, 1000);
        var waiting = new AtomicReference<JsonNode>();
        rig.until(() -> {
            waiting.set(rig.status("a"));
            return waiting.get().at("/current/waiting/nextAttempt").isString();
        });
        var status = waiting.get();
        assertThat(status.at("/current/waiting/reason").asString()).isEqualTo("CrashLoopBackOff");
        var next = Instant.parse(status.at("/current/waiting/nextAttempt").asString());
        var ended = Instant.parse(status.at("/last/terminated/finishedAt").asString());
        assertThat(Duration.between(ended, next)).isBetween(Duration.ofSeconds(1), Duration.ofSeconds(2));
        assertThat(status.at("/last/terminated/exitCode").asInt()).isEqualTo(1);
        assertThat(rig.ok("get", "events")).contains("back-off ").contains("restarting failed process a");
    }

    @Test
    @DisplayName("R02 what exits 0 under Always is restarted on the same curve, and said to have completed")
    void r02CompletedIsRestarted() {
        rig.stack(stack(shell("brief", "exit 0", backoff("initial: 100ms, max: 400ms"), NO_FLAPPING)))
                .start();
        rig.until(() -> told.starts("brief").size() >= 5);
        followsTheCurve("brief", 100, 200, 400, 400);
        assertThat(rig.status("brief").at("/last/terminated/exitCode").asInt(-1))
                .isZero();
        assertThat(rig.status("brief").at("/last/terminated/reason").asString(""))
                .isEqualTo("Completed");
    }

    @Test
    @DisplayName("R03 what exits 0 under OnFailure is over")
    void r03OnFailureIsOver() {
        rig.stack(stack(shell("once", "exit 0", "restart: {policy: OnFailure, backoff: {initial: 1ms}}")))
                .start();
        rig.untilWord("once", "Completed");
        assertThat(rig.status("once").at("/current/terminated/reason").asString(""))
                .isEqualTo("Completed");
        await().during(ofMillis(300)).until(() -> told.starts("once").size() == 1);
    }

    @Test
    @DisplayName("R04 a crash after the reset period of health waits the initial delay again")
    void r04Reset() {
        rig.touch("bad")
                .stack(stack(shell(
                        "a",
                        "[ -e bad ] && exit 1; while [ ! -e crash ]; do sleep 0.02; done; rm crash; exit 1",
                        backoff("initial: 50ms, max: 10s, resetAfter: 2s"),
                        NO_FLAPPING)))
                .start();
        rig.until(() -> rig.restarts("a") >= 4);
        rig.remove("bad");
        rig.until(() -> rig.status("a").path("startedAt").isString()
                && Instant.parse(rig.status("a").path("startedAt").asString())
                        .plusSeconds(3) // it is told in whole seconds
                        .isBefore(Instant.now()));
        assertThat(told.lastDelay("a").failure()).isGreaterThanOrEqualTo(4);
        int before = rig.restarts("a");
        rig.touch("crash");
        rig.until(() -> rig.restarts("a") > before);
        assertThat(told.lastDelay("a").failure()).isEqualTo(1);
        assertThat(told.lastDelay("a").length()).isBetween(ofMillis(50), ofMillis(63));
    }

    @Test
    @DisplayName("R05 what crashes again and again, Ready in between, flaps: it is held, tried, and freed by health")
    void r05Flapping() {
        rig.touch("bad")
                .stack(stack(shell(
                        "a",
                        "while [ -e bad ]; do sleep 0.05; exit 1; done; exec sleep 1000",
                        backoff("initial: 10ms, factor: 1, resetAfter: 1s"),
                        "flapping: {restarts: 4, window: 10m, hold: {initial: 200ms, max: 400ms}}")))
                .start();
        rig.until(() -> rig.restarts("a") >= 7);
        rig.untilWord("a", "Flapping");
        assertThat(flapping()).isEqualTo("True");
        assertThat(told.gaps("a").get(3)).isGreaterThanOrEqualTo(200);
        assertThat(told.gaps("a").subList(4, 6)).allMatch(gap -> gap >= 400);
        assertThat(rig.events("BackOff")).anyMatch(e -> e.contains(" 200ms ")).anyMatch(e -> e.contains(" 400ms "));
        assertThat(told.lastDelay("a").length()).isEqualTo(ofMillis(400));
        assertThat(rig.events("Flapping")).hasSize(1).first().asString().contains("4 restarts within 10m");

        rig.remove("bad");
        rig.until(() -> flapping().isEmpty());
        assertThat(rig.isReady("a")).isTrue();
        assertThat(rig.word("a")).isEqualTo("Running");
    }

    private String flapping() {
        for (var condition : rig.status("a").path("conditions")) {
            if (condition.path("type").asString().equals("Flapping")) {
                return condition.path("status").asString();
            }
        }
        return "";
    }

    @Test
    @DisplayName("R06 the daemon is killed during the wait: the next one keeps the count and what is left of the wait")
    void r06WaitOutlivesTheDaemon() {
        try (var forked = new ForkedRig()) {
            var seen = new Testimony(forked);
            forked.stack(stack(shell(
                            "a", "exit 1", backoff("initial: 200ms, factor: 6, max: 10m, jitter: 0"), NO_FLAPPING)))
                    .start();
            forked.until(() -> forked.restarts("a") == 3);
            forked.kill9().start();
            assertThat(forked.restarts("a")).isGreaterThanOrEqualTo(3);
            forked.until(() -> forked.restarts("a") == 4);
            assertThat(seen.gaps("a").get(2)).isBetween(7_200L, 7_200 + LATE);
            assertThat(seen.lastDelay("a")).isEqualTo(new Delay(Duration.ofSeconds(43), 4));
        }
    }

    private void waitsLong() {
        rig.stack(stack(shell("a", "exit 1", backoff("initial: 10m, max: 10m"), NO_FLAPPING)))
                .start();
        rig.until(() -> rig.restarts("a") == 1);
    }

    @Test
    @DisplayName("R07 a changed definition during back-off starts at once, with a fresh counter")
    void r07ChangedDuringBackOff() {
        waitsLong();
        rig.stack(stack(shell("a", "exit 2", backoff("initial: 10m, max: 10m"), NO_FLAPPING)));
        rig.until(() -> rig.restarts("a") == 2);
        assertThat(rig.status("a").at("/last/terminated/exitCode").asInt()).isEqualTo(2);
        assertThat(told.lastDelay("a").failure()).isEqualTo(1);
    }

    @Test
    @DisplayName("R08 restart and rollout restart during back-off start at once, with a fresh counter")
    void r08RestartDuringBackOff() {
        waitsLong();
        rig.ok("restart", "a");
        rig.until(() -> rig.restarts("a") == 2);
        rig.ok("rollout", "restart", "a");
        rig.until(() -> rig.restarts("a") == 3);
        assertThat(told.starts("a")).hasSize(3);
        assertThat(told.delays("a")).hasSize(3).allMatch(d -> d.failure() == 1);
    }

    @Test
    @DisplayName("R09 stop during back-off: Stopped at once, and no process appears in twice the delay")
    void r09StopDuringBackOff() {
        rig.stack(stack(shell("a", "exit 1", backoff("initial: 1s, factor: 1"), NO_FLAPPING)))
                .start();
        rig.until(() -> rig.restarts("a") >= 1);
        rig.ok("stop", "a");
        assertThat(rig.word("a")).isEqualTo("Stopped");
        int starts = told.starts("a").size();
        await().during(Duration.ofMillis(2500))
                .atMost(Rig.LONG)
                .until(() -> told.starts("a").size() == starts);
        assertThat(rig.word("a")).isEqualTo("Stopped");
        assertThat(rig.instances("a")).isEmpty();
    }

    @Test
    @DisplayName("R18 a dependency that becomes Ready cuts a dependent's back-off short, one time")
    void r18DependencyIsBack() {
        rig.stack(stack(
                        shell("db", "exec sleep 1000"),
                        shell(
                                "web",
                                "exit 1",
                                "dependsOn: [{name: db}]",
                                backoff("initial: 10m, max: 10m"),
                                NO_FLAPPING)))
                .start();
        rig.until(() -> rig.restarts("web") == 1);
        rig.ok("restart", "db", "--wait");
        rig.until(() -> rig.restarts("web") == 2);
        assertThat(told.lastDelay("web").failure()).isEqualTo(2);
        rig.ok("restart", "db", "--wait");
        assertThat(List.of(rig.word("web"), rig.launch("web"))).isEqualTo(List.of("CrashLoopBackOff", 2L));
        assertThat(told.starts("web")).hasSize(2);
    }
}
