package mlxstack.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Hints that fail, and hints that never end. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class NoiseIT {

    private Path home;
    private Path stack;

    @BeforeEach
    void home(@TempDir Path temp) throws IOException {
        home = Files.createDirectories(temp.toRealPath().resolve("home"));
        stack = Files.writeString(home.resolve("stack.yaml"), "one\n");
    }

    /** Real hints whose end the test can bring about, and which can be refused. */
    private static final class Mortal implements Hints.Factory {
        private final AtomicReference<Hints.Ear> ear = new AtomicReference<>();
        private volatile boolean exhausted;

        @Override
        public Hints open(Hints.Ear to) {
            ear.set(to);
            Hints real = DirectoryHints.factory().open(to);
            return new Hints() {
                @Override
                public void watch(List<LinkChain.Spot> spots) throws IOException {
                    if (exhausted) {
                        real.close();
                        throw new IOException("User limit of inotify watches reached");
                    }
                    real.watch(spots);
                }

                @Override
                public void close() {
                    real.close();
                }
            };
        }
    }

    @Test
    @DisplayName("G12 the watcher dies and cannot be made anew: condition set, polling continues; later it can")
    void g12_nativeWatcherKilled() throws IOException {
        Mortal hints = new Mortal();
        try (Watching watching = Watching.with(stack, hints)) {
            watching.until("one");
            hints.exhausted = true;
            hints.ear.get().lost("killed");
            watching.untilLine("lost killed; the file is still read every 2000 ms");
            Files.writeString(stack, "two\n");
            watching.until("two");

            hints.exhausted = false;
            watching.untilLine("restored");
            Files.writeString(stack, "three\n");
            watching.until("three");
        }
    }

    @Test
    @DisplayName("G13 thousands of touches a second beside the file: read in time, at little cost")
    void g13_noiseInTheDirectory() throws IOException {
        try (Watching watching = Watching.byHintsOnly(stack)) {
            watching.until("one");
            long cpu = cpuOf("source");
            long began = System.nanoTime();
            AtomicInteger touches = new AtomicInteger();
            CompletableFuture<Void> noise = CompletableFuture.runAsync(() -> {
                for (int i = 0; i < 40_000; i++) {
                    try {
                        Path touched = home.resolve("touched" + i % 1_000);
                        if (!Files.deleteIfExists(touched)) {
                            Files.createFile(touched);
                        }
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                    touches.incrementAndGet();
                }
            });
            for (int i = 0; i < 5; i++) {
                int quiet = (i + 1) * 5_000;
                Awaitility.await().until(() -> touches.get() > quiet);
                Files.writeString(stack, "edit " + i + "\n");
                watching.until("edit " + i);
            }
            noise.join();
            double share = (cpuOf("source") - cpu) / (double) (System.nanoTime() - began);
            assertThat(share).as("of one core, for the watcher's own thread").isLessThan(0.25);
            assertThat(watching.told.texts()).hasSize(6);
        }
    }

    private static long cpuOf(String thread) {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        return Stream.of(threads.getThreadInfo(threads.getAllThreadIds()))
                .filter(info -> info != null && info.getThreadName().equals(thread))
                .mapToLong(info -> threads.getThreadCpuTime(info.getThreadId()))
                .sum();
    }

    /** What one set of real hints tells. */
    private static final class Heard implements Hints.Ear {
        private final AtomicInteger changed = new AtomicInteger();
        private final AtomicInteger doubtful = new AtomicInteger();
        private final AtomicReference<String> lost = new AtomicReference<>("");

        @Override
        public void changed() {
            changed.incrementAndGet();
        }

        @Override
        public void doubtful() {
            doubtful.incrementAndGet();
        }

        @Override
        public void lost(String message) {
            lost.set(message);
        }
    }

    @Test
    void hintsNameOnlyWhatMattersAndOneLevelOnly() throws IOException {
        Heard heard = new Heard();
        Path below = Files.createDirectories(home.resolve("below"));
        try (Hints hints = DirectoryHints.factory().open(heard)) {
            hints.watch(LinkChain.of(stack).spots());
            Files.writeString(below.resolve("stack.yaml"), "noise\n");
            Files.writeString(home.resolve("other"), "noise\n");
            Files.createDirectories(home.resolve("fresh/deep"));
            Files.writeString(home.resolve("fresh/stack.yaml"), "noise\n");
            Files.writeString(stack, "two\n");
            Awaitility.await().until(() -> heard.changed.get() > 0);
            assertThat(heard.changed.get())
                    .as("of this file: truncated, and written; of others: nothing")
                    .isLessThanOrEqualTo(2);
            assertThat(heard.doubtful).hasValue(0);
        }
        assertThat(heard.lost).hasValue("");
    }

    @Test
    void theLastDirectoryGoneIsToldAndOneThatIsNotThereIsRefused() throws IOException {
        Heard heard = new Heard();
        var spot = new LinkChain.Spot(home, Set.of("stack.yaml"), false);
        try (Hints hints = DirectoryHints.factory().open(heard)) {
            hints.watch(List.of(spot));
            Files.delete(stack);
            Files.delete(home);
            Awaitility.await().until(() -> !heard.lost.get().isEmpty());
            assertThatThrownBy(() -> hints.watch(List.of(spot))).isInstanceOf(NoSuchFileException.class);
        }
    }

    @Test
    void whereWatchingMeansWholeTreesTheHomeDirectoryIsLeftAlone() throws IOException {
        Heard heard = new Heard();
        Path inside = Files.createDirectories(home.resolve(".mlxstack"));
        Path file = Files.writeString(inside.resolve("stack.yaml"), "one\n");
        try (Hints hints = DirectoryHints.factory(true, home).open(heard)) {
            hints.watch(LinkChain.of(file).spots());
            Files.move(inside, home.resolve("elsewhere"));
            Files.createDirectories(inside);
            Files.writeString(home.resolve("elsewhere/stack.yaml"), "still watched\n");
            Awaitility.await().until(() -> heard.changed.get() > 0);
            assertThat(heard.doubtful)
                    .as("the home directory would have told of the move")
                    .hasValue(0);
        }
    }
}
