package mlxstack.source;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import mlxstack.source.SourceWatcher.Checked;
import mlxstack.source.SourceWatcher.Setup;
import org.awaitility.Awaitility;

/** A real watcher on a real path, and ways to change what lies there. */
final class Watching implements AutoCloseable {
    static final Git GIT = new Git("/usr/local/bin:/usr/bin:/bin", Duration.ofSeconds(20));

    final Told told = new Told();
    final SourceWatcher watcher;

    private Watching(Path path, Hints.Factory hints, Duration poll) {
        watcher = SourceWatcher.start(new Setup(path, hints, GIT, Watching::harm, told, Settle.Limits.DEFAULT, poll));
    }

    /** As a daemon would: with this machine's hints and the default times. */
    static Watching path(Path path) {
        return new Watching(path, DirectoryHints.factory(), Setup.POLL);
    }

    /** Whatever is noticed is noticed by hints, since nothing polls. */
    static Watching byHintsOnly(Path path) {
        return new Watching(path, DirectoryHints.factory(), Duration.ofHours(1));
    }

    static Watching with(Path path, Hints.Factory hints) {
        return new Watching(path, hints, Setup.POLL);
    }

    private static Harm harm(byte[] bytes) {
        return new String(bytes, UTF_8).startsWith("harsh") ? Harm.HARSH : Harm.GENTLE;
    }

    /** Waits until the latest candidate is this text. */
    void until(String text) {
        Awaitility.await("candidate " + text)
                .atMost(Duration.ofSeconds(30))
                .pollInterval(Duration.ofMillis(2))
                .until(() -> !told.texts().isEmpty() && told.texts().getLast().equals(text));
    }

    void untilLine(String start) {
        Awaitility.await(start)
                .atMost(Duration.ofSeconds(30))
                .pollInterval(Duration.ofMillis(5))
                .until(() -> told.lines().stream().anyMatch(l -> l.startsWith(start)));
    }

    /** Waits until everything that is on disk now has been dealt with. */
    Checked settled() {
        try {
            return watcher.nudge().get(30, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException | InterruptedException e) {
            throw new AssertionError("the watcher does not come to rest; told " + told.lines(), e);
        }
    }

    @Override
    public void close() {
        watcher.close();
    }

    /** Beside, then renamed over: what careful programs do. */
    static void rename(Path file, String text) {
        try {
            Path beside = Files.writeString(file.resolveSibling(file.getFileName() + ".tmp"), text);
            Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** {@code ln -sfn}: a new link renamed over the old one. */
    static void link(Path link, Path target) {
        try {
            Path beside = link.resolveSibling(link.getFileName() + ".new");
            Files.deleteIfExists(beside);
            Files.createSymbolicLink(beside, target);
            Files.move(beside, link, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static ProcessBuilder command(Path directory, List<String> words) {
        ProcessBuilder builder = new ProcessBuilder(words).directory(directory.toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("GIT_"));
        builder.environment().put("HOME", directory.toString());
        builder.environment().put("TERM", "xterm");
        builder.environment().put("GIT_CONFIG_NOSYSTEM", "1");
        for (String who : List.of("AUTHOR", "COMMITTER")) {
            builder.environment().put("GIT_" + who + "_NAME", "A Tester");
            builder.environment().put("GIT_" + who + "_EMAIL", "tester@example.org");
        }
        return builder;
    }

    /** Runs a program to its end and gives what it printed. */
    static String run(Path directory, String... words) {
        try {
            Process process =
                    command(directory, List.of(words)).redirectErrorStream(true).start();
            process.getOutputStream().close();
            String out = new String(process.getInputStream().readAllBytes(), UTF_8);
            assertThat(process.waitFor(60, TimeUnit.SECONDS))
                    .as("%s ends", words[0])
                    .isTrue();
            assertThat(process.exitValue()).as("%s: %s", List.of(words), out).isZero();
            return out.strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    static String git(Path directory, String... words) {
        return run(
                directory,
                Stream.concat(
                                Stream.of("git", "-c", "init.defaultBranch=main", "-c", "advice.detachedHead=false"),
                                Stream.of(words))
                        .toArray(String[]::new));
    }

    /** Speaks with a full-screen program: each pair is what must be on the screen, and what is typed then. */
    static void talk(Path directory, List<String> words, List<String> dialogue) {
        try {
            Process process =
                    command(directory, words).redirectErrorStream(true).start();
            try {
                StringBuilder screen = new StringBuilder();
                InputStream out = process.getInputStream();
                for (int i = 0; i < dialogue.size(); i += 2) {
                    while (screen.indexOf(dialogue.get(i)) < 0) {
                        int c = out.read();
                        assertThat(c)
                                .as("%s ended before showing %s: %s", words, dialogue.get(i), screen)
                                .isNotNegative();
                        screen.append((char) c);
                    }
                    screen.setLength(0);
                    process.getOutputStream().write(dialogue.get(i + 1).getBytes(UTF_8));
                    process.getOutputStream().flush();
                }
                out.readAllBytes();
                assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
            } finally {
                process.destroyForcibly();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
