package mlxstack.source;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import mlxstack.source.SourceWatcher.Checked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** How dotfile managers and volumes deliver the file: through links, and by exchanging what the links lead to. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class LinksIT {

    private Path root;

    @BeforeEach
    void realRoot(@TempDir Path temp) throws IOException {
        root = temp.toRealPath();
    }

    /** A read-only store would keep the temporary directory from being deleted. */
    @AfterEach
    void makeWritable() throws IOException {
        try (Stream<Path> all = Files.walk(root)) {
            for (Path path : all.filter(Files::isDirectory).toList()) {
                Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwx------"));
            }
        }
    }

    private Path write(String name, String text) throws IOException {
        Path file = root.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, text);
    }

    private void stow(String... words) {
        Watching.run(
                root,
                Stream.concat(Stream.of("stow", "-d", "dotfiles", "-t", "home"), Stream.of(words))
                        .toArray(String[]::new));
    }

    @Test
    @DisplayName("G07 stow folds the directory into a link: an edit in the repository is seen at once, by hints alone")
    void g07_stowFolded() throws IOException {
        Path target = write("dotfiles/mlx/.mlxstack/stack.yaml", "one\n");
        Files.createDirectories(root.resolve("home"));
        stow("mlx");
        assertThat(root.resolve("home/.mlxstack")).isSymbolicLink();

        try (Watching watching = Watching.byHintsOnly(root.resolve("home/.mlxstack/stack.yaml"))) {
            watching.until("one");
            assertThat(watching.told.last().realPath()).isEqualTo(target);
            Files.writeString(target, "in place\n");
            watching.until("in place");
            Watching.rename(target, "renamed\n");
            watching.until("renamed");
        }
    }

    @Test
    @DisplayName("G07 stow links the file; restow, unstow and another package are followed")
    void g07_stowFileLinksAndPackages() throws IOException {
        Path target = write("dotfiles/mlx/.mlxstack/stack.yaml", "one\n");
        Path other = write("dotfiles/work/.mlxstack/stack.yaml", "work\n");
        Files.createDirectories(root.resolve("home/.mlxstack"));
        stow("mlx");
        Path path = root.resolve("home/.mlxstack/stack.yaml");
        assertThat(path).isSymbolicLink();

        try (Watching watching = Watching.byHintsOnly(path)) {
            watching.until("one");
            Files.writeString(target, "two\n");
            watching.until("two");
            stow("-R", "mlx");
            assertThat(watching.settled()).isEqualTo(Checked.CURRENT);
            stow("-D", "mlx");
            watching.untilLine("missing " + path + " does not exist");
            // Stow has removed the directory as well, if it was left empty.
            stow("work");
            watching.until("work");
            assertThat(watching.told.last().realPath()).isEqualTo(other);
            Files.writeString(other, "edited in place\n");
            watching.until("edited in place");
        }
    }

    @Test
    @DisplayName("G07 the same when no hint ever comes: the poll finds it")
    void g07_byPollingOnly() throws IOException {
        Path target = write("dotfiles/stack.yaml", "one\n");
        Path path = Files.createSymbolicLink(root.resolve("stack.yaml"), Path.of("dotfiles/stack.yaml"));
        try (Watching watching = Watching.with(path, ear -> new Hints() {
            @Override
            public void watch(List<LinkChain.Spot> spots) {}

            @Override
            public void close() {}
        })) {
            watching.until("one");
            Files.writeString(target, "two\n");
            watching.until("two");
        }
    }

    private void swapData(int revision) throws IOException {
        write("volume/..rev" + revision + "/stack.yaml", "revision " + revision + "\n");
        Watching.link(root.resolve("volume/..data"), Path.of("..rev" + revision));
        if (revision > 0) {
            Path old = root.resolve("volume/..rev" + (revision - 1));
            Files.delete(old.resolve("stack.yaml"));
            Files.delete(old);
        }
    }

    @Test
    @DisplayName("G08 ..data swapped 100 times, one after the other: each is seen, by hints alone")
    void g08_everySwapIsSeen() throws IOException {
        swapData(0);
        Path path = Files.createSymbolicLink(root.resolve("volume/stack.yaml"), Path.of("..data/stack.yaml"));
        try (Watching watching = Watching.byHintsOnly(path)) {
            watching.until("revision 0");
            for (int i = 1; i <= 100; i++) {
                swapData(i);
                watching.until("revision " + i);
            }
            assertThat(watching.told.texts()).hasSize(101);
        }
    }

    @Test
    @DisplayName("G08 ..data swapped 100 times as fast as it goes: the last one wins")
    void g08_theLastSwapWins() throws IOException {
        swapData(0);
        Path path = Files.createSymbolicLink(root.resolve("volume/stack.yaml"), Path.of("..data/stack.yaml"));
        try (Watching watching = Watching.byHintsOnly(path)) {
            watching.until("revision 0");
            for (int i = 1; i <= 100; i++) {
                swapData(i);
            }
            watching.until("revision 100");
        }
    }

    /** A store path: read-only, epoch mtime, always of the same size. */
    private Path generation(int number) throws IOException {
        Path store = root.resolve("store/%032d-home-manager-files/.mlxstack".formatted(number));
        Path file = write(root.relativize(store) + "/stack.yaml", "gen %d\n".formatted(number));
        Files.setLastModifiedTime(file, FileTime.fromMillis(0));
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("r--r--r--"));
        Files.setLastModifiedTime(store, FileTime.fromMillis(0));
        Files.setPosixFilePermissions(store, PosixFilePermissions.fromString("r-xr-xr-x"));
        Path link = root.resolve("profiles/home-manager-%d-link".formatted(number));
        Files.createDirectories(link.getParent());
        return Files.createSymbolicLink(link, store.getParent());
    }

    @Test
    @DisplayName("G09 a chain of links into a read-only store, epoch mtime, same size: each generation is noticed")
    void g09_homeManagerGenerations() throws IOException {
        Path current = root.resolve("profiles/home-manager");
        Watching.link(current, generationAndParent(1));
        Files.createDirectories(root.resolve("home"));
        Path path = Files.createSymbolicLink(root.resolve("home/.mlxstack"), current.resolve(".mlxstack"))
                .resolve("stack.yaml");
        try (Watching watching = Watching.byHintsOnly(path)) {
            watching.until("gen 1");
            for (int i = 2; i <= 9; i++) {
                Watching.link(current, generationAndParent(i));
                watching.until("gen " + i);
            }
            Watching.link(current, root.resolve("profiles/home-manager-3-link").getFileName());
            watching.until("gen 3");
            assertThat(watching.told.last().realPath())
                    .isEqualTo(root.resolve("store/%032d-home-manager-files/.mlxstack/stack.yaml".formatted(3)));
        }
    }

    private Path generationAndParent(int number) throws IOException {
        return generation(number).getFileName();
    }

    @Test
    @DisplayName("G05 the file, its directory, all above it gone: told, nothing accepted; back again: accepted")
    void g05_goneAndBack() throws IOException {
        Path path = write("volume/home/stack.yaml", "one\n");
        try (Watching watching = Watching.path(path)) {
            watching.until("one");

            Files.delete(path);
            watching.untilLine("missing " + path + " does not exist");
            Files.writeString(path, "two\n");
            watching.until("two");

            Files.delete(path);
            Files.delete(path.getParent());
            watching.untilLine("missing %s does not exist: there is no directory".formatted(path));
            write("volume/home/stack.yaml", "three\n");
            watching.until("three");

            // What an unmounted volume looks like: all of it away, and all of it back.
            Files.move(root.resolve("volume"), root.resolve("away"));
            assertThat(watching.settled()).isEqualTo(Checked.MISSING);
            Files.writeString(root.resolve("away/home/stack.yaml"), "four\n");
            Files.move(root.resolve("away"), root.resolve("volume"));
            watching.until("four");
            assertThat(watching.told.texts()).containsExactly("one", "two", "three", "four");
        }
    }

    @Test
    @DisplayName("G11 the directory deleted and made anew at once, 50 times: still watching")
    void g11_directoryRecreated() throws IOException {
        Path path = write("home/stack.yaml", "one\n");
        try (Watching watching = Watching.path(path)) {
            watching.until("one");
            for (int i = 0; i < 50; i++) {
                Files.delete(path);
                Files.delete(path.getParent());
                Files.createDirectory(path.getParent());
                Files.writeString(path, "again " + i + "\n");
            }
            watching.until("again 49");
            for (int i = 0; i < 5; i++) {
                Files.writeString(path, "edit " + i + "\n");
                watching.until("edit " + i);
            }
        }
    }
}
