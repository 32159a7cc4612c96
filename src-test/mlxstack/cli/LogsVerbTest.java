package mlxstack.cli;

import static mlxstack.reconcile.Units.endpoint;
import static mlxstack.reconcile.Units.process;
import static mlxstack.reconcile.Units.ready;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import mlxstack.api.TestingControlPlane;
import mlxstack.reconcile.Units;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LogsVerbTest {

    private final TestingControlPlane plane = new TestingControlPlane(
            Units.state(ready(endpoint("primary", 8000), 501), ready(process("web-ui", "open-webui"), 502)));
    private final Terminal terminal = new Terminal(plane);

    @BeforeEach
    void write() {
        plane.logs.write("primary", "one\ntwo\nthree\n");
        plane.logs.write("web-ui", "alpha\nbeta");
    }

    @Test
    void asWritten() throws InterruptedException {
        terminal.run("logs", "primary");
        assertThat(terminal.out()).isEqualTo("one\ntwo\nthree\n");
        terminal.run("logs", "primary", "--tail=1");
        assertThat(terminal.out()).isEqualTo("three\n");
        terminal.run("logs", "primary", "--limit-bytes=5");
        assertThat(terminal.out()).isEqualTo("one\nt");
        assertThat(plane.logs.open).hasValue(0);
    }

    @Test
    void severalNamesWithAPrefix() throws InterruptedException {
        terminal.run("logs", "primary", "web-ui", "--prefix", "--tail", "2");
        assertThat(terminal.out()).isEqualTo("[primary] two\n[primary] three\n[web-ui] alpha\n[web-ui] beta\n");
    }

    @Test
    void aSelectorTakesTenLinesEach() throws InterruptedException {
        terminal.run("logs", "-l", "tier=model");
        assertThat(plane.logs.queries.getLast().tail()).isEqualTo(10);
        assertThat(terminal.out()).isEqualTo("one\ntwo\nthree\n");
    }

    @Test
    void queriesCarryWhatWasAsked() throws InterruptedException {
        terminal.run("logs", "primary", "--since=5m", "--timestamps", "--tail=-1");
        var query = plane.logs.queries.getLast();
        assertThat(query.since()).isEqualTo("2026-03-14T11:55:00Z");
        assertThat(query.timestamps()).isTrue();
        assertThat(query.tail()).isNull();
        terminal.run("logs", "primary", "--since-time=2026-03-14T10:00:00+01:00");
        assertThat(plane.logs.queries.getLast().since()).isEqualTo("2026-03-14T09:00:00Z");
        terminal.run("logs", "primary", "--since-time=yesterday");
        assertThat(terminal.err()).contains("--since-time must be a time such as");
        terminal.run("logs", "-p", "primary");
        assertThat(terminal.err())
                .isEqualTo(
                        "Error from server (BadRequest): previous terminated container \"primary\" in pod \"primary\""
                                + " not found\n");
    }

    @Test
    void tooManyFollowersAreRefused() throws InterruptedException {
        terminal.run("logs", "-f", "primary", "web-ui", "--max-log-requests=1");
        assertThat(terminal.code).isEqualTo(1);
        assertThat(terminal.err()).contains("maximum allowed concurrency is 1");
    }

    @Test
    void followingSeveralPrintsWholeLinesAndEndsWithTheClient() throws Exception {
        var thread = Thread.ofVirtual().start(() -> {
            try {
                terminal.run("logs", "-f", "primary", "web-ui", "--prefix");
            } catch (InterruptedException _) {
                // The client has gone.
            }
        });
        waitFor("[primary] three\n");
        plane.logs.write("web-ui", "-gamma\ndelta");
        waitFor("[web-ui] beta-gamma\n");
        assertThat(terminal.out()).doesNotContain("delta");
        thread.interrupt();
        assertThat(thread.join(java.time.Duration.ofSeconds(20))).isTrue();
        assertThat(plane.logs.open).hasValue(0);
    }

    private void waitFor(String text) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (!terminal.out().contains(text) && System.nanoTime() < end) {
            Thread.onSpinWait();
        }
        assertThat(terminal.out()).contains(text);
    }
}
