package mlxstack.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import mlxstack.reconcile.Effect;
import mlxstack.reconcile.Event;
import mlxstack.reconcile.Now;
import mlxstack.reconcile.StackRecord;
import mlxstack.reconcile.State;
import mlxstack.reconcile.Step;
import mlxstack.reconcile.UnitRecord;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process that writes state and journal as fast as it can, killed at any moment. */
class SuddenDeathIT {

    private static final int DEATHS = 5;
    private static final String[] NAMES = {"a", "b", "c"};

    @TempDir
    Path dir;

    /** The writer: says the launch number on its output once that is persisted. */
    static final class Writer {

        public static void main(String[] args) throws IOException {
            var home = new Home(Path.of(args[0]));
            home.create();
            var files = new StateFiles(home, new Json(), new Random(1));
            long launch = files.load().units().stream()
                    .mapToLong(UnitRecord::launch)
                    .max()
                    .orElse(0);
            State state = State.initial(new StackRecord("cafe", 1, Map.of(), null, null));
            try (var journal = new Journal(home.journal(), "build", args[1])) {
                while (true) {
                    String name = NAMES[(int) (++launch % NAMES.length)];
                    var timer = new Effect.SetTimer(name, launch);
                    var now = new Now(launch, "boot", Instant.EPOCH);
                    journal.append(state, new Event.TimerFired(name, launch), now, List.of(timer));
                    // Of changing length, so that a shorter record goes over a longer one.
                    String nonce = "cafe/" + name + "/" + launch + "/" + "x".repeat((int) (launch % 7_001));
                    files.persist(unit(name, launch, nonce), launch % 500 == 0).get();
                    System.out.println(launch);
                }
            }
        }
    }

    private static UnitRecord unit(String name, long launch, String nonce) {
        return new UnitRecord(
                name,
                1,
                launch,
                nonce,
                true,
                null,
                null,
                null,
                null,
                null,
                0,
                0,
                null,
                "boot",
                List.of(),
                null,
                null,
                null,
                null,
                null,
                null,
                true,
                null,
                java.time.Instant.EPOCH);
    }

    @Test
    @DisplayName("A07 A08 killed while writing: the last record that was acknowledged or a later one is there, whole")
    void a07NothingAcknowledgedIsLost() throws Exception {
        var random = new Random(5);
        for (int death = 0; death < DEATHS; death++) {
            Process writer = start(death);
            long acknowledged = 0;
            try (BufferedReader out = writer.inputReader()) {
                int lines = 200 + random.nextInt(2_000);
                String line;
                while ((line = out.readLine()) != null) {
                    long said = Long.parseLong(line);
                    if (acknowledged == 0 || said == acknowledged + 1) {
                        // The last line may be cut.
                        acknowledged = said;
                    }
                    if (lines-- == 0) {
                        // Through the handle, for the process would close our end, and with it what it had said.
                        writer.toHandle().destroyForcibly();
                    }
                }
            } finally {
                writer.destroyForcibly().waitFor();
            }
            var home = new Home(dir);
            var loaded = new StateFiles(home, new Json(), new Random(1)).load();
            assertThat(acknowledged).isGreaterThan(200);
            assertThat(loaded.problems()).allMatch(problem -> problem.endsWith("is used"));
            for (long launch = acknowledged; launch > acknowledged - NAMES.length; launch--) {
                String name = NAMES[(int) (launch % NAMES.length)];
                UnitRecord record = loaded.units().stream()
                        .filter(u -> u.name().equals(name))
                        .findFirst()
                        .orElseThrow();
                assertThat(record.launch()).isIn(launch, launch + NAMES.length);
            }
        }
        var report = Replay.replay(new Home(dir).journal(), (state, event, now) -> {
            var fired = (Event.TimerFired) event;
            return new Step(state, List.of(new Effect.SetTimer(fired.name(), fired.at())));
        });
        assertThat(report.difference()).as(report.toString()).isNull();
        // Death may come while the very first line of a segment is being written; nothing else may be wrong.
        assertThat(report.problems()).allSatisfy(p -> assertThat(p).contains("no whole first line"));
        // A life may be too short for its first segment; those that began are all read.
        assertThat(report.events()).isPositive();
    }

    private Process start(int life) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx128m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Writer.class.getName(),
                        dir.toString(),
                        "life-" + life)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }
}
