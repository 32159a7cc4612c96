package mlxstack.pull;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code mlxstackctl pull} as a process of its own: killed, held to a limit by the kernel, and several at once. */
class PullProcessIT {

    private static final String REPO = "mlx-community/Tiny-4bit";
    private static final String PART = "model-00001-of-00002.safetensors";
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int BIG = 6_000_000;

    @TempDir
    private Path dir;

    private final TestHub hub = new TestHub().withMlx(REPO).with(REPO, PART, TestHub.bytes(7, BIG));
    private final List<Process> started = new ArrayList<>();

    @AfterEach
    void stop() throws InterruptedException {
        for (var process : started) {
            process.destroyForcibly().waitFor();
        }
        hub.close();
    }

    /** @param before shell words that limit it */
    private Process pull(String before, String name, String... options) throws IOException {
        var command = new ArrayList<>(List.of(
                "sh",
                "-c",
                before + " exec \"$@\"",
                "sh",
                ProcessHandle.current().info().command().orElseThrow(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xmx64m",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                mlxstack.cli.Main.class.getName(),
                "pull",
                REPO));
        command.addAll(List.of(options));
        var builder = new ProcessBuilder(command)
                .redirectOutput(dir.resolve(name + ".out").toFile())
                .redirectError(dir.resolve(name + ".err").toFile());
        builder.environment().clear();
        builder.environment().put("HOME", dir.toString());
        builder.environment().put("MLXSTACK_HOME", dir.resolve("home").toString());
        builder.environment().put("HF_HOME", dir.resolve("hf").toString());
        builder.environment().put("HF_ENDPOINT", hub.address());
        var process = builder.start();
        started.add(process);
        return process;
    }

    private int ended(Process process) throws InterruptedException {
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return process.exitValue();
    }

    private String text(String file) {
        try {
            return Files.readString(dir.resolve(file));
        } catch (IOException e) {
            return e.toString();
        }
    }

    private Path folder() {
        return dir.resolve("hf/hub/models--mlx-community--Tiny-4bit");
    }

    private Path partial() {
        return folder().resolve("blobs").resolve(TestHub.checksum(hub.content(REPO, PART)) + ".incomplete");
    }

    private void assertWhole() {
        assertThat(folder().resolve("snapshots").resolve(hub.commit(REPO)).resolve(PART))
                .hasBinaryContent(hub.content(REPO, PART));
        assertThat(partial()).doesNotExist();
        assertThat(folder().resolve("refs/main")).hasContent(hub.commit(REPO));
    }

    @Test
    @DisplayName("killed in the middle of a file, the next one goes on from there and fetches nothing twice")
    void killed() throws Exception {
        var reached = new CountDownLatch(1);
        var gate = new CountDownLatch(1);
        hub.fault(PART, new TestHub.Fault.Stall(4_000_000, reached, gate));
        var first = pull("", "first");
        assertThat(reached.await(60, TimeUnit.SECONDS)).isTrue();
        Awaitility.await().atMost(PATIENCE).until(() -> CacheFolder.size(partial()) == 4_000_000);
        first.destroyForcibly();
        ended(first);
        gate.countDown();
        assertThat(folder().resolve("refs/main"))
                .as("nobody takes it for whole")
                .doesNotExist();
        hub.seen.clear();

        assertThat(ended(pull("", "second"))).as(() -> text("second.err")).isZero();
        assertWhole();
        assertThat(text("second.out")).contains("4.0 MB from an earlier try");
        assertThat(hub.seen)
                .filteredOn(s -> s.server().equals("store") && s.path().equals(PART))
                .extracting(TestHub.Seen::range)
                .containsExactly("bytes=4000000-");
    }

    @Test
    @DisplayName("held to a size by the kernel it says so in one message and keeps what has come")
    void limited() throws Exception {
        // In blocks of 512 bytes.
        assertThat(ended(pull("ulimit -f 6000;", "first"))).isEqualTo(1);
        assertThat(text("first.err").lines())
                .singleElement()
                .asString()
                .startsWith("error: no room for " + PART + " (6.0 MB)")
                .contains("What has come is kept");
        assertThat(CacheFolder.size(partial())).isBetween(1_000_000L, (long) BIG - 1);
        assertThat(ended(pull("", "second"))).as(() -> text("second.err")).isZero();
        assertWhole();
    }

    @Test
    @DisplayName("three at once fetch each byte once")
    void threeAtOnce() throws Exception {
        var reached = new CountDownLatch(1);
        var gate = new CountDownLatch(1);
        hub.fault(PART, new TestHub.Fault.Stall(1_000_000, reached, gate));
        var all = List.of(pull("", "a"), pull("", "b"), pull("", "c"));
        assertThat(reached.await(60, TimeUnit.SECONDS)).isTrue();
        Awaitility.await()
                .atMost(PATIENCE)
                .until(() -> (text("a.out") + text("b.out") + text("c.out"))
                                .split(PART + ": somebody else is fetching it; waiting", -1)
                                .length
                        == 3);
        gate.countDown();
        for (var each : all) {
            assertThat(ended(each)).isZero();
        }
        assertWhole();
        assertThat(hub.seen.stream().filter(s -> s.path().equals(PART)).map(TestHub.Seen::range))
                .hasSize(2)
                .contains("");
    }

    @Test
    @DisplayName("one that waits takes over from one that is killed")
    void takenOver() throws Exception {
        var reached = new CountDownLatch(1);
        var gate = new CountDownLatch(1);
        hub.fault(PART, new TestHub.Fault.Stall(2_000_000, reached, gate));
        var first = pull("", "first");
        assertThat(reached.await(60, TimeUnit.SECONDS)).isTrue();
        Awaitility.await().atMost(PATIENCE).until(() -> CacheFolder.size(partial()) == 2_000_000);
        var second = pull("", "second");
        Awaitility.await()
                .atMost(PATIENCE)
                .until(() -> text("second.out").contains(PART + ": somebody else is fetching it"));
        first.destroyForcibly();
        assertThat(ended(second)).as(() -> text("second.err")).isZero();
        gate.countDown();
        assertWhole();
        assertThat(hub.seen).anyMatch(s -> s.range().equals("bytes=2000000-"));
    }
}
