package mlxstack.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** A bad night of a real daemon, run again from its journal. */
class ReplayIT {

    private static final String STACK = """
            defaults: {restart: {backoff: {initial: 10ms, max: 100ms}}, flapping: {restarts: 0}}
            processes:
              - {name: healthy, command: [sleep, "1000"], env: {API_TOKEN: not-a-reference, COLOUR: %s}}
              - {name: looping, command: [sh, -c, "exit 3"]}
              - {name: flapping, command: ["false"], flapping: {restarts: 3, hold: {initial: 200ms, max: 400ms}}}
              - {name: probed, command: [sleep, "1000"], probes: %s}
              - {name: sick, command: [sleep, "1000"], probes: {liveness: {exec: {command: ["false"]}, period: 50ms, failureThreshold: 2}}}
              - {name: missing, command: [/there/is/no/such/program]}
              - {name: after, command: [sleep, "1000"], dependsOn: [{name: probed, condition: Ready}]}
            gateway: {engine: none}
            """;

    private final ForkedRig rig = new ForkedRig();
    private final Gate gate = new Gate(rig.dir.resolve("gate"));

    @BeforeEach
    void aBadNight() {
        rig.stack(STACK.formatted("red", gate.readiness())).start();
        rig.untilReady("healthy");
        rig.until(() -> rig.restarts("looping") > 2 && rig.restarts("sick") > 1);
        gate.open();
        rig.untilReady("probed", "after");
        rig.ok("stop", "healthy");
        rig.restart();
        gate.shut();
        rig.until(() -> !rig.isReady("probed"));
        rig.ok("start", "healthy");
        rig.stack(STACK.formatted("blue", gate.readiness()).replaceFirst("(?m)^.*name: looping.*\n", ""));
        rig.until(() -> rig.process("looping").isMissingNode());
        rig.ok("suspend", "sick");
        rig.write("kind: Nonsense\n");
        rig.until(() -> !rig.events("ConfigRejected").isEmpty());
        rig.restart();
        rig.ok("resume", "sick");
        ForkedRig.kill(rig.pid("healthy"), "KILL");
        rig.until(() -> rig.restarts("healthy") == 1 && rig.isReady("healthy"));
        rig.until(() -> !rig.events("Flapping").isEmpty());
        rig.ok("down");
        rig.kill9();
    }

    @AfterEach
    void end() {
        rig.close();
    }

    private Testbed.Said replay() throws IOException {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(
                List.of("-cp", System.getProperty("java.class.path"), mlxstack.cli.Main.class.getName(), "replay"));
        var builder = new ProcessBuilder(command);
        rig.environment(builder);
        return rig.run(builder);
    }

    private List<Path> segments() throws IOException {
        try (Stream<Path> files = Files.list(rig.home.journal())) {
            return files.sorted().toList();
        }
    }

    @Test
    @DisplayName("the journal of three daemons, each killed, replays to the same decisions; changed, it does not")
    void replays() throws IOException {
        var said = replay();
        assertThat(said.code()).as("%s%s", said.out(), said.err()).isZero();
        var counts = Pattern.compile(
                        "(\\d+) events in (\\d+) segments replayed, (\\d+) effects compared: no difference")
                .matcher(said.out());
        assertThat(counts.find()).as(said.out()).isTrue();
        assertThat(Integer.parseInt(counts.group(1))).isGreaterThan(100);
        assertThat(Integer.parseInt(counts.group(2))).isEqualTo(3);
        assertThat(Integer.parseInt(counts.group(3))).isGreaterThan(100);

        Path second = segments().get(1);
        String whole = Files.readString(second);
        assertThat(whole).doesNotContain("not-a-reference");
        var effect = Pattern.compile("Spawn [^\"]*").matcher(whole);
        assertThat(effect.find()).isTrue();
        Files.writeString(second, whole.substring(0, effect.start()) + "Spawn nobody" + whole.substring(effect.end()));
        var changed = replay();
        assertThat(changed.code()).isEqualTo(1);
        assertThat(changed.out())
                .contains(second.getFileName().toString())
                .contains("differs")
                .contains("expected: Spawn nobody")
                .contains("actual:   " + effect.group());
    }
}
