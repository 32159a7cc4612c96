package mlxstack.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HomeTest {

    @TempDir
    Path dir;

    @Test
    void theHomeIsInTheEnvironmentOrInTheUsersHome() {
        assertThat(Home.of(Map.of(), Path.of("/home/ada")).root()).isEqualTo(Path.of("/home/ada/.mlxstack"));
        assertThat(Home.of(Map.of("MLXSTACK_HOME", ""), Path.of("/home/ada")).root())
                .isEqualTo(Path.of("/home/ada/.mlxstack"));
        assertThat(Home.of(Map.of("MLXSTACK_HOME", "/srv/x/"), Path.of("/home/ada"))
                        .root())
                .isEqualTo(Path.of("/srv/x"));
    }

    @Test
    void directoriesAreTheOwnersAlone() throws IOException {
        var home = new Home(dir.resolve("a/b"));
        Files.createDirectories(
                home.logs(), PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
        home.create();
        home.create();
        for (Path path :
                List.of(home.root(), home.units(), home.revisions(), home.logs(), home.journal(), home.lib())) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
                    .as(path.toString())
                    .isEqualTo("rwx------");
        }
    }

    @Test
    void aFileInTheWayIsNamed() throws IOException {
        Files.writeString(dir.resolve("state"), "");
        assertThatThrownBy(() -> new Home(dir).create())
                .hasMessageContaining("state")
                .hasMessageContaining("directory");
    }

    @Test
    void aShortSocketPathIsInTheHome() throws IOException {
        assertThat(new Home(Path.of("/srv/x")).socket()).isEqualTo(Path.of("/srv/x/mlxstackd.sock"));
    }

    @Test
    void aLongSocketPathMovesToADirectoryOfOurs() throws IOException {
        var home = new Home(dir.resolve("ü".repeat(50)));
        Path socket = home.socket();
        assertThat(socket.toString().getBytes(StandardCharsets.UTF_8).length).isLessThanOrEqualTo(100);
        assertThat(socket.startsWith("/tmp")).isTrue();
        try {
            home.create();
            assertThat(home.socket()).isEqualTo(socket);
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(socket.resolveSibling(""))))
                    .isEqualTo("rwx------");
            assertThat(Files.readString(home.socketPointer()).strip()).isEqualTo(socket.toString());
            assertThat(new Home(dir.resolve("ö".repeat(50))).socket()).isNotEqualTo(socket);
        } finally {
            Files.deleteIfExists(socket.resolveSibling(""));
        }
    }

    @Test
    void aLinkInThePlaceOfTheSocketDirectoryIsRefused() throws IOException {
        var home = new Home(dir.resolve("x".repeat(100)));
        Path parent = home.socket().resolveSibling("");
        Files.createSymbolicLink(parent, dir);
        try {
            assertThatThrownBy(home::create).hasMessageContaining("belongs to somebody else");
        } finally {
            Files.delete(parent);
        }
    }

    @Test
    void theSourceAndThePathAreRemembered() throws IOException {
        var home = new Home(dir);
        home.create();
        assertThat(home.source()).isEqualTo(home.stackFile());
        assertThat(home.recordedSource()).isEmpty();
        assertThat(home.recordedPath()).isEmpty();
        home.recordSource(Path.of("/home/ada/dot files/stack.yaml"));
        home.recordPath("/opt/homebrew/bin:/usr/bin");
        assertThat(new Home(dir).source()).isEqualTo(Path.of("/home/ada/dot files/stack.yaml"));
        assertThat(new Home(dir).recordedPath()).contains("/opt/homebrew/bin:/usr/bin");
    }
}
