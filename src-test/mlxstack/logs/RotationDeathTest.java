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
import java.time.InstantSource;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The daemon dies between any two steps of a rotation; these are all the states that leaves behind. */
class RotationDeathTest {

    private static final String ALL = lines(1, 40_000);

    @TempDir
    Path dir;

    /** How far the second rotation came. */
    enum Step {
        BEFORE,
        SEGMENT_CREATED,
        SEGMENT_HALF_WRITTEN,
        SEGMENT_WRITTEN,
        SEGMENT_NAMED,
        HOLE_HALF_PUNCHED,
        HOLE_PUNCHED
    }

    private void leave(Step step) throws IOException {
        var shelf = Shelf.of(dir, "a");
        PrivateFile.directory(shelf.dir());
        PrivateFile.touch(shelf.file(1));
        try (var file = append(shelf.file(1))) {
            write(file, ALL);
        }
        var log = LiveLog.open(LogRig.holes(), shelf, "a", 1);
        try (var gzip = new Rotation((_, _, _) -> {})) {
            gzip.archive(log, 0, LIMITS.maxSize(), true);
            log.drop(LIMITS.maxSize());
            if (step == Step.BEFORE) {
                return;
            }
            gzip.archive(log, LIMITS.maxSize(), 2 * LIMITS.maxSize(), true);
            if (step.compareTo(Step.HOLE_HALF_PUNCHED) >= 0) {
                log.drop(step == Step.HOLE_PUNCHED ? 2 * LIMITS.maxSize() : LIMITS.maxSize() * 3 / 2 / 4096 * 4096);
            }
        } finally {
            log.close();
        }
        if (step.compareTo(Step.SEGMENT_NAMED) < 0) {
            Path unfinished = shelf.temporary(1, LIMITS.maxSize());
            Files.move(shelf.segment(1, LIMITS.maxSize(), 2 * LIMITS.maxSize()), unfinished);
            byte[] packed = Files.readAllBytes(unfinished);
            int size =
                    step == Step.SEGMENT_WRITTEN ? packed.length : step == Step.SEGMENT_CREATED ? 0 : packed.length / 2;
            Files.write(unfinished, Arrays.copyOf(packed, size));
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("L09 taken up after a death: all is there once, nothing is left over, and rotation goes on")
    void l09TakenUp(Step step) throws Exception {
        leave(step);
        try (var rig = new LogRig(dir)) {
            rig.store.resume("a", 1, LIMITS);
            assertThat(rig.read(query("a"))).isEqualTo(ALL);
            rig.store.settle();
            assertThat(rig.store.shelf("a").temporaries(1)).isEmpty();
            assertThat(rig.store.shelf("a").launch(1).segments()).hasSize(3).allMatch(s -> s.size() > 0);
            assertThat(rig.read(query("a"))).isEqualTo(ALL);
            assertThat(rig.events.get()).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("L09 and if the process ended meanwhile too")
    void l09NobodyWritesAnyMore(Step step) throws Exception {
        leave(step);
        try (var rig = new LogRig(dir)) {
            rig.store.settle();
            assertThat(rig.store.shelf("a").temporaries(1)).isEmpty();
            assertThat(rig.read(query("a"))).isEqualTo(ALL);
            var head = Arrays.copyOf(Files.readAllBytes(dir.resolve("a/1.log")), (int) LIMITS.maxSize());
            assertThat(head).containsOnly(0);
        }
    }

    @ParameterizedTest
    @CsvSource({"before, 1", "after, 1", "before, 2", "after, 3"})
    @DisplayName("L09 killed at the system call that punches the n-th hole")
    void l09KilledAtTheHole(String when, int hole) throws Exception {
        var shelf = Shelf.of(dir, "a");
        PrivateFile.directory(shelf.dir());
        PrivateFile.touch(shelf.file(1));
        try (var file = append(shelf.file(1))) {
            write(file, ALL);
        }
        var process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx64m",
                        "-XX:TieredStopAtLevel=1",
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Dying.class.getName(),
                        dir.toString(),
                        when,
                        "" + hole)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        assertThat(process.waitFor()).isEqualTo(137);
        try (var rig = new LogRig(dir)) {
            assertThat(rig.store.shelf("a").launch(1).segments()).hasSize(hole);
            rig.store.resume("a", 1, LIMITS);
            rig.store.settle();
            assertThat(rig.store.shelf("a").launch(1).segments()).hasSize(3);
            assertThat(rig.read(query("a"))).isEqualTo(ALL);
        }
    }

    /** Halts before it punches the n-th hole, or after. */
    static final class Dying {
        public static void main(String[] args) throws IOException {
            Path dir = Path.of(args[0]);
            var left = new AtomicInteger(Integer.parseInt(args[2]));
            Holes holes = file -> {
                var real = LogRig.holes().open(file);
                return new Holes.Hole() {
                    @Override
                    public int descriptor() {
                        return real.descriptor();
                    }

                    @Override
                    public boolean punch(long offset, long length) throws IOException {
                        boolean last = left.decrementAndGet() == 0;
                        if (!last || args[1].equals("after")) {
                            real.punch(offset, length);
                        }
                        if (last) {
                            Runtime.getRuntime().halt(137);
                        }
                        return true;
                    }

                    @Override
                    public void close() {
                        real.close();
                    }
                };
            };
            try (var store =
                    new LogStore(dir, holes, Disk.of(dir), InstantSource.system(), (_, _, _) -> {}, LogRig.QUICK)) {
                store.resume("a", 1, LIMITS);
                store.settle();
            }
        }
    }
}
