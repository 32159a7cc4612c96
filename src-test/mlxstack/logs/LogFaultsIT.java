package mlxstack.logs;

import static mlxstack.logs.LogRig.follow;
import static mlxstack.logs.LogRig.query;
import static org.assertj.core.api.Assertions.assertThat;

import io.vavr.collection.Vector;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import mlxstack.spec.LogPolicy;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What disks and people do to logs while a process writes them. */
class LogFaultsIT {

    private static final LogPolicy LIMITS = new LogPolicy(1 << 20, 10_000);

    /** About 2 MB. */
    private static final long SOME = 20_000;

    @TempDir
    Path dir;

    private static final class TestingDisk implements Disk {

        final AtomicLong free = new AtomicLong(100L << 30);

        @Override
        public long free() {
            return free.get();
        }

        @Override
        public long total() {
            return 1L << 40;
        }
    }

    private static Vector<String> only(LogRig rig, LogEvents.Reason reason) {
        return rig.events.get().filter(event -> event.startsWith(reason + ": "));
    }

    @Test
    @DisplayName(
            "L05 the disk is nearly full: logs are given up, the interval and the bytes are told, then all is kept again")
    void l05NearlyFull() throws Exception {
        var disk = new TestingDisk();
        try (var rig = new LogRig(dir, disk)) {
            Path file = rig.store.open("a", 1, LIMITS);
            try (var writer = new Writer(file, 0);
                    var slow = new LogReader(rig.store).open(follow("a")).get()) {
                writer.write(5 * SOME);
                rig.store.settle();
                assertThat(rig.store.shelf("a").launch(1).segments()).hasSizeGreaterThan(5);
                var seen = new Numbered(0).readTo(slow, 1);
                long before = seen.next();

                disk.free.set(3L << 30);
                rig.store.settle();
                assertThat(only(rig, LogEvents.Reason.DiskFull))
                        .hasSize(1)
                        .first()
                        .asString()
                        .contains("only 3221225472 bytes are free");
                writer.write(SOME);
                rig.store.settle();
                assertThat(rig.store.shelf("a").launch(1).segments()).allMatch(segment -> segment.size() == 0);
                assertThat(only(rig, LogEvents.Reason.LogBytesLost)).isNotEmpty();

                disk.free.set(100L << 30);
                rig.store.settle();
                assertThat(only(rig, LogEvents.Reason.DiskFull))
                        .hasSize(2)
                        .last()
                        .asString()
                        .contains("has room again; it was short from")
                        .doesNotContain(", 0 bytes of logs");
                long kept = 6 * SOME;
                writer.write(4 * SOME);
                rig.store.settle();
                String text = rig.read(query("a"));
                long first = Long.parseLong(text.substring(0, text.indexOf(' ')));
                assertThat(first).isBetween(5 * SOME, kept);
                var bytes = text.getBytes(java.nio.charset.StandardCharsets.US_ASCII);
                var numbered = new Numbered(first);
                numbered.show(bytes, bytes.length);
                assertThat(numbered.next()).isEqualTo(10 * SOME);

                // The follower that was late learns what it missed, once, and goes on with whole lines.
                var rest = new StringBuilder();
                while (rest.indexOf("\n" + (10 * SOME - 1) + " ") < 0 || rest.charAt(rest.length() - 1) != '\n') {
                    rest.append(new String(
                            Objects.requireNonNull(slow.next()), java.nio.charset.StandardCharsets.US_ASCII));
                }
                var told = rest.toString()
                        .lines()
                        .filter(line -> line.startsWith("mlxstack: "))
                        .toList();
                assertThat(told).singleElement().asString().contains(" bytes are missing here: ");
                int gap = rest.indexOf("mlxstack: ");
                assertThat(rest.substring(rest.indexOf("\n", gap) + 1)).isEqualTo(text);
                assertThat(before).isPositive();
            }
        }
    }

    @Test
    @DisplayName("L05 nothing can be written any more: the log grows on, whole, and is rotated when it can be")
    void l05NoSegmentCanBeWritten() throws Exception {
        Path file = Shelf.of(dir, "a").file(1);
        PrivateFile.directory(file.resolveSibling(""));
        PrivateFile.touch(file);
        var limits = new LogPolicy(4 << 20, 1_000);
        try (var writer = new Writer(file, 0)) {
            writer.write(3 * SOME);
            // No file of this process may become larger than 64 KiB: a segment fails half-way, as on a full disk.
            try (var keeper = new Keeper(dir, limits, "/bin/sh", "-c", "ulimit -f 128; exec \"$@\"", "sh")) {
                assertThat(keeper.said()).isEqualTo("up");
                assertThat(keeper.said())
                        .startsWith("LogRotationFailed: the log of launch 1 cannot be rotated and grows on");
                assertThat(Shelf.of(dir, "a").temporaries(1)).isEmpty();
                writer.write(SOME);
            }
            try (var rig = new LogRig(dir)) {
                rig.store.resume("a", 1, limits);
                writer.write(SOME);
                rig.store.settle();
                assertThat(rig.store.shelf("a").launch(1).segments()).isNotEmpty();
                try (var reader = new LogReader(rig.store).open(query("a")).get()) {
                    assertThat(new Numbered(0).readAll(reader).next()).isEqualTo(5 * SOME);
                }
            }
        }
    }

    @Test
    @DisplayName(
            "L06 the file is deleted, its directory too: it is followed and rotated all the same, and that is told")
    void l06Deleted() throws Exception {
        try (var rig = new LogRig(dir)) {
            Path file = rig.store.open("a", 1, LIMITS);
            var seen = new Numbered(0);
            try (var reader = new LogReader(rig.store).open(follow("a")).get()) {
                try (var writer = new Writer(file, 0)) {
                    writer.write(100);
                    seen.readTo(reader, 100);
                    Numbered.output("rm", "-r", dir.resolve("a").toString());
                    writer.write(3 * SOME);
                    seen.readTo(reader, 3 * SOME + 100);
                    Awaitility.await()
                            .untilAsserted(() -> assertThat(only(rig, LogEvents.Reason.LogFileRemoved))
                                    .singleElement()
                                    .asString()
                                    .contains("1.log was removed"));
                    writer.write(3 * SOME);
                    rig.store.settle();
                    assertThat(rig.store.shelf("a").launch(1).segments()).isNotEmpty();
                    seen.readTo(reader, 6 * SOME + 100);
                }
                rig.store.ended("a", 1);
                rig.store.settle();
                // The kernel has freed the file by now; nothing of it is missing.
                Path next = rig.store.open("a", 2, LIMITS);
                try (var writer = new Writer(next, 6 * SOME + 100)) {
                    writer.write(SOME);
                    seen.readTo(reader, 7 * SOME + 100);
                }
            }
            try (var reader =
                    new LogReader(rig.store).open(LogRig.previous("a")).get()) {
                assertThat(new Numbered(0).readAll(reader).next()).isEqualTo(6 * SOME + 100);
            }
            assertThat(only(rig, LogEvents.Reason.LogRotationFailed)).isEmpty();
        }
    }

    @Test
    @DisplayName("L06 somebody empties the file with echo: what follows is kept, read and rotated, and that is told")
    void l06Emptied() throws Exception {
        try (var rig = new LogRig(dir)) {
            Path file = rig.store.open("a", 1, LIMITS);
            try (var writer = new Writer(file, 0);
                    var reader = new LogReader(rig.store).open(follow("a")).get()) {
                writer.write(3 * SOME);
                var seen = new Numbered(0).readTo(reader, 3 * SOME);
                rig.store.settle();
                Numbered.output("/bin/sh", "-c", "echo emptied > " + file);
                rig.store.settle();
                assertThat(only(rig, LogEvents.Reason.LogFileTruncated))
                        .singleElement()
                        .asString()
                        .contains("somebody shortened");
                assertThat(LogRig.readUntil(reader, "\n")).isEqualTo("emptied\n");
                writer.write(3 * SOME);
                seen.readTo(reader, 6 * SOME);

                rig.store.settle();
                rig.restart();
                rig.store.resume("a", 1, LIMITS);
                rig.store.settle();
                String text = rig.read(query("a"));
                String later = text.substring(text.indexOf("emptied\n") + 8);
                var numbered = new Numbered(3 * SOME);
                numbered.show(later.getBytes(java.nio.charset.StandardCharsets.US_ASCII), later.length());
                assertThat(numbered.next()).isEqualTo(6 * SOME);
            }
        }
    }

    @Test
    @DisplayName(
            "L07 bytes that are no text, 50 MB without an end of line, escapes, carriage returns: given as written")
    void l07AnyBytes() throws Exception {
        String script =
                "printf 'a\\377\\376\\000b\\r50%%\\r\\033[31mred\\033[0m\\n'; head -c 50000000 /dev/zero | tr '\\0' x;"
                        + " printf '\\nend\\n'; head -c 3000000 /dev/urandom | tee \"$1\"; printf '\\nlast'";
        Path copy = dir.resolve("copy");
        try (var rig = new LogRig(dir.resolve("logs"))) {
            var limits = new LogPolicy(8 << 20, 100);
            Path file = rig.store.open("a", 1, limits);
            var found = new java.util.concurrent.CompletableFuture<String>();
            try (var _ = rig.store.watchLines("a", 1, java.util.regex.Pattern.compile("^end$"), 0, found::complete)) {
                var process = new ProcessBuilder("/bin/sh", "-c", script, "sh", copy.toString())
                        .redirectOutput(ProcessBuilder.Redirect.appendTo(file.toFile()))
                        .start();
                assertThat(process.waitFor()).isZero();
                assertThat(found.get(60, java.util.concurrent.TimeUnit.SECONDS)).isEqualTo("end");
            }
            rig.store.settle();
            assertThat(rig.store.shelf("a").launch(1).segments()).hasSizeGreaterThan(4);
            var all = new java.io.ByteArrayOutputStream();
            try (var reader = new LogReader(rig.store).open(query("a")).get()) {
                for (byte[] bytes = reader.next(); bytes != null; bytes = reader.next()) {
                    all.writeBytes(bytes);
                }
            }
            var expected = new java.io.ByteArrayOutputStream();
            expected.writeBytes(new byte[] {'a', (byte) 0xff, (byte) 0xfe, 0, 'b', '\r', '5', '0', '%', '\r', 27, '['});
            expected.writeBytes("31mred\u001b[0m\n".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
            byte[] xs = new byte[50_000_000];
            java.util.Arrays.fill(xs, (byte) 'x');
            expected.writeBytes(xs);
            expected.writeBytes("\nend\n".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
            expected.writeBytes(Files.readAllBytes(copy));
            expected.writeBytes("\nlast".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
            assertThat(java.util.Arrays.equals(all.toByteArray(), expected.toByteArray()))
                    .isTrue();
            assertThat(rig.read(LogRig.tail("a", 1))).isEqualTo("last");
        }
    }
}
