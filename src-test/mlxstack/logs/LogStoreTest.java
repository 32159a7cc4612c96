package mlxstack.logs;

import static mlxstack.logs.LogRig.LIMITS;
import static mlxstack.logs.LogRig.append;
import static mlxstack.logs.LogRig.lines;
import static mlxstack.logs.LogRig.query;
import static mlxstack.logs.LogRig.write;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import mlxstack.spec.LogPolicy;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogStoreTest {

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

    private long segments(String name) {
        return Shelf.of(dir, name).launches().values().stream()
                .mapToLong(launch -> launch.segments().size())
                .sum();
    }

    /** Bytes on disk. */
    private static long blocks(Path file) throws IOException {
        var du = new ProcessBuilder("du", "-k", file.toString()).start();
        try (var out = du.inputReader()) {
            return Long.parseLong(out.readLine().split("\\s")[0]) * 1024;
        }
    }

    @Test
    void aLogIsItsOwnersAlone() throws Exception {
        Path file = rig.store.open("a", 1, LIMITS);

        assertThat(file).isEqualTo(dir.resolve("a/1.log"));
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(dir.resolve("a"))))
                .isEqualTo("rwx------");
        assertThat(dir.resolve("a.log").toRealPath()).isEqualTo(file.toRealPath());

        rig.store.open("a", 2, LIMITS);
        assertThat(Files.readSymbolicLink(dir.resolve("a.log"))).isEqualTo(Path.of("a/2.log"));
    }

    @Test
    void aLinkNeverTakesThePlaceOfAFile() throws Exception {
        Files.writeString(dir.resolve("mlxstackd.log"), "the daemon's own");

        rig.store.open("mlxstackd", 1, LIMITS);

        assertThat(dir.resolve("mlxstackd.log")).isRegularFile().hasContent("the daemon's own");
    }

    @Test
    @DisplayName("L01 the head goes into segments, the file keeps its size and gives the room back")
    void l01RotationLosesNothing() throws Exception {
        Path file = rig.store.open("a", 1, LIMITS);
        String all = lines(1, 60_000);
        try (var log = append(file)) {
            write(log, all);
        }
        rig.store.settle();

        assertThat(segments("a")).isEqualTo(5);
        assertThat(Files.size(file)).isEqualTo(all.length());
        assertThat(blocks(file)).isLessThan(LIMITS.maxSize() + Rotation.TAIL + 64 * 1024);
        assertThat(rig.read(query("a"))).isEqualTo(all);
        // tail(1) of the file itself works: so much is never taken away.
        assertThat(all).endsWith(Files.readString(file).substring(all.length() - (int) Rotation.TAIL));
    }

    @Test
    @DisplayName("L02 resumed by another store: rotation goes on where it was, nothing twice")
    void l02ResumedRotationLosesNothing() throws Exception {
        Path file = rig.store.open("a", 1, LIMITS);
        var whole = new StringBuilder();
        try (var log = append(file)) {
            for (int life = 0; life < 4; life++) {
                String some = lines(life * 20_000 + 1, life * 20_000 + 20_000);
                whole.append(some);
                write(log, some);
                rig.store.settle();
                rig.restart();
                rig.store.resume("a", 1, LIMITS);
            }
        }
        rig.store.settle();

        assertThat(segments("a")).isGreaterThan(4);
        assertThat(rig.read(query("a"))).isEqualTo(whole.toString());
    }

    @Test
    @DisplayName("L04 a name keeps no more than its limit, oldest first; what is left is whole lines")
    void l04OldSegmentsGo() throws Exception {
        var limits = new LogPolicy(512 * 1024, 2);
        Path file = rig.store.open("a", 1, limits);
        try (var log = append(file)) {
            for (int i = 0; i < 20; i++) {
                write(log, lines(i * 20_000 + 1, i * 20_000 + 20_000));
                rig.store.settle();
                long held = blocks(dir.resolve("a"));
                assertThat(held).isLessThan(limits.maxSize() * limits.maxFiles() + 256 * 1024);
            }
        }
        String kept = rig.read(query("a"));
        assertThat(kept).hasSizeLessThan(400_000 * 50).endsWith(lines(400_000, 400_000));
        assertThat(kept.length() % 50).isZero();
        int first = Integer.parseInt(kept.substring(0, 8));
        assertThat(kept).isEqualTo(lines(first, 400_000));
    }

    @Test
    @DisplayName("L10 a crash loop does not evict the crash that matters")
    void l10TheFirstFailureOfAStreakIsKept() throws Exception {
        var limits = new LogPolicy(128 * 1024, 1);
        for (int launch = 1; launch <= 20; launch++) {
            Path file = rig.store.open("a", launch, limits);
            try (var log = append(file)) {
                write(log, lines(launch * 10_000, launch * 10_000 + 1_500));
            }
            if (launch == 3) {
                rig.store.streakBegan("a", 3);
            }
            rig.store.ended("a", launch);
        }
        rig.store.settle();

        assertThat(Shelf.of(dir, "a").launches().keySet())
                .contains(3L, 19L, 20L)
                .doesNotContain(2L, 4L, 10L);
        assertThat(rig.read(LogRig.previous("a"))).endsWith(lines(191_500, 191_500));
    }

    @Test
    @DisplayName("L04 written faster than it can be compressed: the oldest goes uncopied, and that is told")
    void l04TooFast() throws Exception {
        var limits = new LogPolicy(256 * 1024, 2);
        PrivateFile.directory(dir.resolve("a"));
        Files.writeString(dir.resolve("a/1.log"), lines(1, 400_000));
        rig.store.open("a", 1, limits);
        rig.store.settle();

        assertThat(blocks(dir.resolve("a"))).isLessThan(limits.maxSize() * limits.maxFiles() + 128 * 1024);
        assertThat(rig.events.get()).isNotEmpty().allMatch(event -> event.startsWith("LogBytesLost: "));
        String kept = rig.read(query("a"));
        assertThat(kept).isEqualTo(lines(Integer.parseInt(kept.substring(0, 8)), 400_000));
    }

    @Test
    @DisplayName("L04 a launch that ended before it could be rotated keeps as much as it may, whole lines, to the end")
    void l04EndedTooSoon() throws Exception {
        var limits = new LogPolicy(256 * 1024, 4);
        try (var slow = new LogRig(dir.resolve("slow"), Disk.of(dir), LogRig.holes(), LogRig.ASKED)) {
            try (var log = append(slow.store.open("a", 1, limits))) {
                write(log, lines(1, 60_000));
            }
            slow.store.ended("a", 1);
            slow.store.settle();

            assertThat(blocks(dir.resolve("slow/a"))).isLessThan(limits.maxSize() * limits.maxFiles() + 64 * 1024);
            String kept = slow.read(query("a"));
            assertThat(kept).hasSizeGreaterThan((int) limits.maxSize() * limits.maxFiles() - 64 * 1024);
            assertThat(kept).isEqualTo(lines(Integer.parseInt(kept.substring(0, 8)), 60_000));
        }
    }

    @Test
    @DisplayName("L04 new limits hold from the next rotation on")
    void l04LimitsOfARunningProcess() throws Exception {
        Path file = rig.store.open("a", 1, LIMITS);
        try (var log = append(file)) {
            write(log, lines(1, 200_000));
            rig.store.settle();
            assertThat(segments("a")).isGreaterThan(15);

            rig.store.limits("a", new LogPolicy(256 * 1024, 2));
            write(log, lines(200_001, 210_000));
            rig.store.settle();
            assertThat(blocks(dir.resolve("a"))).isLessThan(640 * 1024);
        }
    }

    @Test
    @DisplayName("L01 without holes: copied and cut, what was at risk is told, and nothing is lost of what stood still")
    void l01WithoutHoles() throws Exception {
        try (var flat = new LogRig(dir.resolve("flat"), Disk.of(dir), LogRig.withoutHoles(), LogRig.ASKED)) {
            Path file = flat.store.open("a", 1, LIMITS);
            try (var log = append(file)) {
                for (int i = 0; i < 5; i++) {
                    write(log, lines(i * 20_000 + 1, i * 20_000 + 20_000));
                    flat.store.settle();
                    assertThat(file).isEmptyFile();
                    assertThat(flat.read(query("a"))).isEqualTo(lines(1, i * 20_000 + 20_000));
                }
                write(log, "still here\n");
            }
            flat.store.ended("a", 1);
            flat.store.settle();
            assertThat(flat.read(query("a"))).isEqualTo(lines(1, 100_000) + "still here\n");
            assertThat(flat.read(LogRig.tail("a", 2))).isEqualTo(lines(100_000, 100_000) + "still here\n");
            assertThat(flat.events.get()).allMatch(event -> event.startsWith("LogBytesAtRisk: "));
        }
    }

    @Test
    void anotherAttemptAtTheSameLaunchGoesOnInItsFile() throws Exception {
        for (int attempt = 0; attempt < 3; attempt++) {
            try (var log = append(rig.store.open("a", 1, LIMITS))) {
                write(log, lines(attempt * 20_000 + 1, attempt * 20_000 + 20_000));
            }
            rig.store.ended("a", 1);
        }
        rig.store.open("a", 1, LIMITS);
        rig.store.settle();

        assertThat(rig.store.live("a", 1)).isNotNull();
        assertThat(segments("a")).isEqualTo(5);
        assertThat(rig.read(query("a"))).isEqualTo(lines(1, 60_000));
    }

    @Test
    void whatIsForgottenIsGone() throws Exception {
        rig.store.open("a", 1, LIMITS);
        rig.store.open("b", 1, LIMITS);

        rig.store.forget("a");

        assertThat(dir.resolve("a")).doesNotExist();
        assertThat(Files.exists(dir.resolve("a.log"), java.nio.file.LinkOption.NOFOLLOW_LINKS))
                .isFalse();
        assertThat(dir.resolve("b/1.log")).exists();
        Path again = rig.store.open("a", 1, LIMITS);
        try (var log = append(again)) {
            write(log, "anew\n");
        }
        assertThat(rig.read(query("a"))).isEqualTo("anew\n");
    }

    @Test
    void aWatchTellsTheFirstLineThatMatches() throws Exception {
        Path file = rig.store.open("a", 1, LIMITS);
        var found = new CompletableFuture<String>();
        var others = Collections.synchronizedList(new ArrayList<String>());
        try (var log = append(file);
                var _ = rig.store.watchLines("a", 1, Pattern.compile("ready on (\\d+)"), 0, found::complete);
                var _ = rig.store.watchLines("a", 1, Pattern.compile("quick"), 40, others::add);
                var _ = rig.store.watchLines("a", 1, Pattern.compile("never"), 0, others::add)) {
            write(log, lines(1, 3) + "not rea");
            write(log, "dy\nserver rea");
            write(log, "dy on 8000\r\nready on 9\n");
            assertThat(found.get(30, TimeUnit.SECONDS)).isEqualTo("server ready on 8000");
            rig.store.settle();
        }
        assertThat(others).isEqualTo(List.of(lines(2, 2).strip()));
    }

    @Test
    void aWatchFindsWhatWasRotatedAwayAndWhatHasNoEnd() throws Exception {
        Path file = rig.store.open("a", 1, LIMITS);
        var first = new CompletableFuture<String>();
        var last = new CompletableFuture<String>();
        try (var log = append(file)) {
            write(log, "listening\n" + lines(1, 40_000) + "good-bye");
        }
        rig.store.settle();
        assertThat(segments("a")).isPositive();
        try (var _ = rig.store.watchLines("a", 1, Pattern.compile("^listening$"), 0, first::complete);
                var _ = rig.store.watchLines("a", 1, Pattern.compile("^good-bye$"), 0, last::complete)) {
            assertThat(first.get(30, TimeUnit.SECONDS)).isEqualTo("listening");
            rig.store.settle();
            assertThat(last).isNotDone();
            rig.store.ended("a", 1);
            assertThat(last.get(30, TimeUnit.SECONDS)).isEqualTo("good-bye");
        }
    }
}
