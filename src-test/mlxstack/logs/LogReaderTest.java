package mlxstack.logs;

import static mlxstack.logs.LogRig.LIMITS;
import static mlxstack.logs.LogRig.append;
import static mlxstack.logs.LogRig.follow;
import static mlxstack.logs.LogRig.lines;
import static mlxstack.logs.LogRig.previous;
import static mlxstack.logs.LogRig.query;
import static mlxstack.logs.LogRig.tail;
import static mlxstack.logs.LogRig.write;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import mlxstack.api.LogSource.Query;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogReaderTest {

    @TempDir
    Path dir;

    LogRig rig;

    @BeforeEach
    void begin() {
        rig = new LogRig(dir);
    }

    @AfterEach
    void end() {
        rig.close();
    }

    private void written(String name, long launch, String text) throws Exception {
        try (var log = append(rig.store.open(name, launch, LIMITS))) {
            write(log, text);
        }
        rig.store.settle();
    }

    @Test
    void whatIsNotThereIsExplained() {
        assertThat(new LogReader(rig.store).open(query("a")).getLeft())
                .isEqualTo("a has no log yet: it was never started");
        rig.store.open("a", 7, LIMITS);
        assertThat(new LogReader(rig.store).open(previous("a")).getLeft())
                .isEqualTo("a has no log of an earlier launch: launch 7 is the oldest that is kept");
    }

    @Test
    void tailCountsLinesAcrossSegments() throws Exception {
        written("a", 1, lines(1, 60_000));
        for (int count : new int[] {0, 1, 2, 999, 5_300, 7_777, 30_000, 59_999, 60_000, 70_000}) {
            assertThat(rig.read(tail("a", count))).isEqualTo(lines(Math.max(1, 60_001 - count), 60_000));
        }
    }

    @Test
    @DisplayName("L08 a last line without an end is given, and counts")
    void l08PartialLastLine() throws Exception {
        written("a", 1, "one\ntwo\nthr");
        assertThat(rig.read(query("a"))).isEqualTo("one\ntwo\nthr");
        assertThat(rig.read(tail("a", 1))).isEqualTo("thr");
        assertThat(rig.read(tail("a", 2))).isEqualTo("two\nthr");
        rig.store.ended("a", 1);
        rig.store.settle();
        assertThat(rig.read(query("a"))).isEqualTo("one\ntwo\nthr");
        // The next launch begins a line of its own.
        try (var reader = new LogReader(rig.store).open(follow("a")).get()) {
            assertThat(LogRig.readUntil(reader, "thr")).isEqualTo("one\ntwo\nthr");
            written("a", 2, "four\n");
            assertThat(LogRig.readUntil(reader, "four\n")).isEqualTo("\nfour\n");
        }
    }

    @Test
    @DisplayName("L10 previous is the launch before the current one, after a restart of the daemon too")
    void l10Previous() throws Exception {
        for (int launch = 1; launch <= 3; launch++) {
            written("a", launch, "of launch " + launch + "\n");
            if (launch < 3) {
                rig.store.ended("a", launch);
            }
        }
        assertThat(rig.read(previous("a"))).isEqualTo("of launch 2\n");
        rig.restart();
        assertThat(rig.read(previous("a"))).isEqualTo("of launch 2\n");
        rig.store.resume("a", 3, LIMITS);
        assertThat(rig.read(previous("a"))).isEqualTo("of launch 2\n");
        assertThat(rig.read(query("a"))).isEqualTo("of launch 3\n");
    }

    @Test
    void followWaitsForALaunchThatIsStillToCome() throws Exception {
        try (var reader = new LogReader(rig.store).open(follow("a")).get()) {
            written("a", 1, "hello\n");
            assertThat(LogRig.readUntil(reader, "hello\n")).isEqualTo("hello\n");
        }
    }

    @Test
    void closingEndsAReaderThatWaits() throws Exception {
        rig.store.open("a", 1, LIMITS);
        var reader = new LogReader(rig.store).open(follow("a")).get();
        var last = CompletableFuture.supplyAsync(() -> {
            try {
                return reader.next() == null;
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
        reader.close();
        assertThat(last.get(30, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void linesAreToldWithTheTimeTheyWereWritten() throws Exception {
        Instant before = Instant.now().minusMillis(1_500);
        written("a", 1, "one\n\nthree");
        String text = rig.read(new Query("a", false, false, null, null, true));
        Instant after = Instant.now().plusMillis(1_500);

        assertThat(text.lines()).hasSize(3).allSatisfy(line -> {
            assertThat(line).matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z .*");
            assertThat(Instant.parse(line.substring(0, 24))).isBetween(before, after);
        });
        assertThat(text.lines().map(line -> line.substring(25))).containsExactly("one", "", "three");
    }

    @Test
    void sinceLeavesOutWhatWasWrittenBefore() throws Exception {
        // A launch that is over: nobody else notes times.
        Path file = Shelf.of(dir, "a").file(1);
        PrivateFile.directory(file.resolveSibling(""));
        PrivateFile.touch(file);
        try (var log = append(file)) {
            write(log, lines(1, 100) + "cut ");
            // As if a minute ago, and half a minute ago.
            long now = System.currentTimeMillis();
            TimeIndex.append(Shelf.of(dir, "a").times(1), now - 60_000, 2_500);
            TimeIndex.append(Shelf.of(dir, "a").times(1), now - 30_000, 5_004);
            write(log, "here\n" + lines(101, 200));
            Instant start = Instant.ofEpochMilli(now);

            assertThat(rig.read(LogRig.since("a", start.minusSeconds(61), false)))
                    .hasLineCount(201);
            assertThat(rig.read(LogRig.since("a", start.minusSeconds(59), false)))
                    .startsWith(lines(51, 51));
            assertThat(rig.read(LogRig.since("a", start.minusSeconds(29), false)))
                    .isEqualTo(lines(101, 200));
            assertThat(rig.read(new Query("a", false, false, 3L, start.minusSeconds(59), false)))
                    .isEqualTo(lines(198, 200));
        }
    }
}
