package mlxstack.source;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Against a real file system: a stamp that is sure still notices what size and modification time do not tell. */
class StampIT {

    private static final FileTime EPOCH = FileTime.fromMillis(0);

    private Path root;
    private Path file;

    @BeforeEach
    void file(@TempDir Path temp) throws IOException {
        root = temp.toRealPath();
        file = epoch("a");
    }

    private Path epoch(String name) throws IOException {
        Path path = Files.writeString(root.resolve(name), name + "\n");
        return Files.setLastModifiedTime(path, EPOCH);
    }

    private static Stamp sure(Path path) {
        return Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> Stamp.of(List.of(path)), Stamp::sure);
    }

    @Test
    @DisplayName("G09 rewritten in place, same size, modification time set back")
    void g09_rewrittenInPlace() throws IOException {
        Stamp stamp = sure(file);
        assertThat(stamp.stillHolds()).isTrue();
        Files.writeString(file, "b\n");
        Files.setLastModifiedTime(file, EPOCH);
        assertThat(stamp.stillHolds()).isFalse();
    }

    @Test
    @DisplayName("G09 a link re-pointed to a file of the same size and age")
    void g09_linkRepointed() throws IOException {
        Path other = epoch("b");
        Path link = Files.createSymbolicLink(root.resolve("link"), file);
        Stamp stamp = sure(link);
        Watching.link(link, other);
        assertThat(stamp.stillHolds()).isFalse();
    }

    @Test
    void whatIsGoneHoldsNoLonger() throws IOException {
        Stamp stamp = sure(file);
        Files.delete(file);
        assertThat(stamp.stillHolds()).isFalse();
        assertThat(Stamp.of(List.of(file)).sure()).isFalse();
    }

    @Test
    @DisplayName("G09 the watcher polls by stamp, hears no hint, and sees the file of equal size and age")
    void g09_watcherPollingByStamp() throws IOException {
        Path other = epoch("b");
        Path link = Files.createSymbolicLink(root.resolve("link"), file);
        assertThat(sure(link).stillHolds()).isTrue();
        try (Watching watching = Watching.with(link, ear -> new Hints() {
            @Override
            public void watch(List<LinkChain.Spot> spots) {}

            @Override
            public void close() {}
        })) {
            watching.until("a");
            Watching.link(link, other);
            watching.until("b");
            Files.writeString(other, "c\n");
            Files.setLastModifiedTime(other, EPOCH);
            watching.until("c");
        }
    }
}
