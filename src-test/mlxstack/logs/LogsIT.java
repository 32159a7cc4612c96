package mlxstack.logs;

import static mlxstack.logs.LogRig.follow;
import static mlxstack.logs.LogRig.query;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import mlxstack.spec.LogPolicy;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.io.TempDir;

/** Processes that write at full speed, and what becomes of their lines. */
class LogsIT {

    private static final long LINES = Long.getLong("mlxstack.logs.lines", 1_000_000);

    /** Small segments, so that there are many rotations in little time. */
    private static final LogPolicy LIMITS = new LogPolicy(1 << 20, 10_000);

    @TempDir
    Path dir;

    private Shelf.Launch launch() {
        return Shelf.of(dir, "a").launch(1);
    }

    @Test
    @DisplayName("L01 a million lines at full speed: each is there once, in order, across segments and file")
    void l01FullSpeed(TestReporter reporter) throws Exception {
        try (var rig = new LogRig(dir)) {
            Path file = rig.store.open("a", 1, LIMITS);
            long began = System.nanoTime();
            try (var writer = new Writer(file, 0)) {
                writer.write(LINES);
            }
            long written = System.nanoTime();
            rig.store.settle();
            reporter.publishEntry("lines a second written", "" + LINES * 1_000_000_000L / (written - began));
            reporter.publishEntry(
                    "lines a second through rotation", "" + LINES * 1_000_000_000L / (System.nanoTime() - began));
            try (var reader = new LogReader(rig.store).open(query("a")).get()) {
                assertThat(new Numbered(0).readAll(reader).next()).isEqualTo(LINES);
            }
            // Nothing but names, gzip and tail are needed to put it together.
            var numbered = new Numbered(0);
            long end = 0;
            for (var segment : launch().segments()) {
                assertThat(segment.from()).isEqualTo(end);
                byte[] bytes = Numbered.output("gzip", "-dc", segment.file().toString());
                assertThat(bytes.length).isEqualTo(segment.to() - segment.from());
                numbered.show(bytes, bytes.length);
                end = segment.to();
            }
            byte[] rest = Numbered.output("tail", "-c", "+" + (end + 1), file.toString());
            numbered.show(rest, rest.length);
            assertThat(numbered.next()).isEqualTo(LINES);
            assertThat(launch().segments()).hasSizeGreaterThan(20);
            assertThat(rig.events.get()).isEmpty();
        }
    }

    @Test
    @DisplayName("L02 a million lines while the daemon is killed again and again: each is there once, in order")
    void l02KilledDaemons() throws Exception {
        var random = new Random(2);
        int lives = 8;
        Path file = Shelf.of(dir, "a").file(1);
        PrivateFile.directory(file.resolveSibling(""));
        PrivateFile.touch(file);
        try (var writer = new Writer(file, 0)) {
            for (int life = 0; life < lives; life++) {
                writer.ask(LINES / lives / 2);
                try (var keeper = new Keeper(dir, LIMITS)) {
                    assertThat(keeper.said()).isEqualTo("up");
                    int before = launch().segments().size();
                    writer.ask(LINES / lives / 2);
                    while (launch().segments().size() < before + 2 + life % 3) {
                        writer.pass(1 + random.nextInt(20));
                    }
                }
            }
            writer.await();
        }
        try (var rig = new LogRig(dir)) {
            rig.store.resume("a", 1, LIMITS);
            rig.store.settle();
            rig.store.ended("a", 1);
            rig.store.settle();
            try (var reader = new LogReader(rig.store).open(query("a")).get()) {
                assertThat(new Numbered(0).readAll(reader).next()).isEqualTo(LINES / lives / 2 * 2 * lives);
            }
            long end = 0;
            for (var segment : launch().segments()) {
                assertThat(segment.from()).isEqualTo(end);
                end = segment.to();
            }
            assertThat(Shelf.of(dir, "a").temporaries(1)).isEmpty();
        }
    }

    @Test
    @DisplayName("L03 followed through many rotations and three restarts; one who does not read holds nobody up")
    void l03Follow() throws Exception {
        long each = LINES / 8;
        try (var rig = new LogRig(dir);
                var slow = new LogReader(rig.store).open(follow("a")).get();
                var quick = new LogReader(rig.store).open(follow("a")).get()) {
            var seen = CompletableFuture.supplyAsync(() -> read(quick, 4 * each));
            var late = new Numbered(0);
            for (int launch = 1; launch <= 4; launch++) {
                Path file = rig.store.open("a", launch, LIMITS);
                try (var writer = new Writer(file, (launch - 1) * each)) {
                    writer.write(each / 2);
                    late.readTo(slow, late.next() + 1); // a block a launch
                    writer.write(each - each / 2);
                }
                rig.store.settle();
                rig.store.ended("a", launch);
            }
            assertThat(seen.get(60, TimeUnit.SECONDS)).isEqualTo(4 * each);
            assertThat(late.next()).isLessThan(each);
            assertThat(late.readTo(slow, 4 * each).next()).isEqualTo(4 * each);
            assertThat(late.isWhole()).isTrue();
            assertThat(Shelf.of(dir, "a").launches().values().stream()
                            .mapToInt(launch -> launch.segments().size())
                            .sum())
                    .isGreaterThan(20);
        }
    }

    private static long read(mlxstack.api.LogSource.Reader reader, long end) {
        try {
            return new Numbered(0).readTo(reader, end).next();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    @DisplayName("L04 under load a name takes what it may, and what was written since the last look")
    void l04Limits() throws Exception {
        var limits = new LogPolicy(1 << 20, 4);
        long burst = 20_000; // lines: 2 MB
        try (var rig = new LogRig(dir)) {
            Path file = rig.store.open("a", 1, limits);
            long most = 0;
            long written = 0;
            try (var writer = new Writer(file, 0)) {
                for (int i = 0; i < 20; i++) {
                    writer.write(burst);
                    most = Math.max(most, taken());
                    written = Files.size(file);
                    rig.store.settle();
                }
            }
            assertThat(written).isGreaterThan(8 * limits.maxSize() * limits.maxFiles());
            assertThat(most).isBetween(limits.maxSize(), limits.maxSize() * limits.maxFiles() + (4L << 20));
            assertThat(taken()).isLessThanOrEqualTo(limits.maxSize() * limits.maxFiles() + (64 << 10));
            // Never all of it: what is left is whole, and up to the end.
            String text = rig.read(query("a"));
            long first = Long.parseLong(text.substring(0, text.indexOf(' ')));
            var numbered = new Numbered(first);
            byte[] bytes = text.getBytes(java.nio.charset.StandardCharsets.US_ASCII);
            numbered.show(bytes, bytes.length);
            assertThat(numbered.next()).isEqualTo(20 * burst);
            assertThat(first).isPositive();
        }
    }

    /** Bytes on disk. */
    private long taken() throws Exception {
        return Long.parseLong(new String(
                                Numbered.output("du", "-sk", dir.resolve("a").toString()),
                                java.nio.charset.StandardCharsets.US_ASCII)
                        .split("\\s")[0])
                * 1024;
    }
}
