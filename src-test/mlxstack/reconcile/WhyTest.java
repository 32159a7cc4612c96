package mlxstack.reconcile;

import static mlxstack.reconcile.Units.process;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class WhyTest {

    @Test
    void whatRunsIsExplainedByItsDecisions() {
        var bench = new Bench(process("a")).spawned("a").later(Duration.ofSeconds(90));
        assertThat(Why.explain(bench.state, "a", bench.now()))
                .containsExactly(
                        "a: runs as pid 1001 and has been Ready for 90s",
                        "how it came to this:",
                        "  90s ago  start 1",
                        "  90s ago  Ready",
                        "waits for:",
                        "  nothing",
                        "what would change it:",
                        "  mlxstackctl restart a, or stop a",
                        "  another definition in the stack file");
    }

    @Test
    void whatCrashesSaysWhenItIsTriedAgain() {
        var bench = new Bench(process("a")).spawned("a").exited("a", 3);
        var lines = Why.explain(bench.state, "a", bench.now());
        assertThat(lines).anyMatch(l -> l.contains("ended: exit code 3"));
        assertThat(lines).anyMatch(l -> l.matches("  the back-off to end in 1(\\.\\d)?s, at .*Z"));
        assertThat(lines).contains("  mlxstackctl restart a (counters start anew)");
    }

    @Test
    void whatIsStoppedSaysWhoStoppedItAndHowToStartIt() {
        var bench = new Bench(process("a")).command(new Command.Stop("a", "ann", null));
        bench.feed(new Event.SpawnFailed("a", 1, new Obstacle.Refused("EAGAIN", "no more processes")));
        bench.feed(new Event.Cleared("a", 1, true, java.util.List.of()));
        var lines = Why.explain(bench.state, "a", bench.now());
        assertThat(lines.getFirst()).isEqualTo("a: not running: Stopped, stopped by ann");
        assertThat(lines.getLast()).isEqualTo("  mlxstackctl start a");
    }

    @Test
    void anObstacleIsNamedWithWhatWouldRemoveIt() {
        var bench = new Bench(process("a"));
        bench.feed(new Event.SpawnFailed("a", 1, new Obstacle.PortInUse(8000, 77, "nginx")));
        var lines = Why.explain(bench.state, "a", bench.now());
        assertThat(lines).contains("  ending pid 77 (nginx)");
        assertThat(lines).anyMatch(l -> l.startsWith("  that to change: port 8000 is held by nginx (pid 77)"));
    }

    @Test
    void anUnknownNameIsSaidToBeOne() {
        assertThat(Why.explain(new Bench().state, "zzz", new Bench().now()))
                .containsExactly("zzz is not in the stack file, and nothing runs under that name");
    }
}
