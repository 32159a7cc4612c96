package mlxstack.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import mlxstack.reconcile.Effect;
import mlxstack.reconcile.Effect.Availability;
import mlxstack.reconcile.Units;
import mlxstack.spec.Gateway;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GatewayFileTest {

    @TempDir
    Path dir;

    private GatewayFile file() {
        return new GatewayFile(
                dir.resolve("gateway.json"), workload -> workload.name().equals("deep") ? "/m/deep" : null);
    }

    private static Effect.WriteGatewayConfig table(Availability availability) {
        return new Effect.WriteGatewayConfig(
                List.of(
                        new Effect.Backend(
                                "fast", List.of("fast", "org/m"), 8000, availability, 2, Units.endpoint("fast", 8000)),
                        new Effect.Backend(
                                "deep", List.of("deep"), 8001, Availability.STARTING, 5, Units.endpoint("deep", 8001))),
                new Gateway(Gateway.Engine.BUILTIN, "127.0.0.1", 4000, List.of(), List.of(), Map.of()));
    }

    @Test
    void writesTheTable() throws Exception {
        file().write(table(Availability.READY));
        assertThat(dir.resolve("gateway.json")).content().isEqualToNormalizingWhitespace("""
                        {
                          "version" : 1,
                          "listen" : { "host" : "127.0.0.1", "port" : 4000 },
                          "endpoints" : [ {
                            "name" : "fast",
                            "models" : [ "fast", "org/m" ],
                            "port" : 8000,
                            "availability" : "ready",
                            "retryAfterSeconds" : 2
                          }, {
                            "name" : "deep",
                            "models" : [ "deep" ],
                            "port" : 8001,
                            "upstreamModel" : "/m/deep",
                            "availability" : "starting",
                            "retryAfterSeconds" : 5
                          } ]
                        }
                        """);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(dir.resolve("gateway.json"))))
                .isEqualTo("rw-------");
    }

    @Test
    void writesOnlyWhatChanged() throws Exception {
        Path path = dir.resolve("gateway.json");
        String first = file().write(table(Availability.READY));
        Object inode = Files.getAttribute(path, "unix:ino");
        Files.setLastModifiedTime(path, FileTime.from(Instant.EPOCH));
        assertThat(file().write(table(Availability.READY))).isEqualTo(first);
        assertThat(Files.getLastModifiedTime(path).toInstant()).isEqualTo(Instant.EPOCH);
        assertThat(Files.getAttribute(path, "unix:ino")).isEqualTo(inode);
        assertThat(file().write(table(Availability.DRAINING))).isNotEqualTo(first);
        assertThat(Files.getAttribute(path, "unix:ino"))
                .as("replaced, not overwritten")
                .isNotEqualTo(inode);
    }

    @Test
    void repairsWhatSomebodyEdited() throws Exception {
        Path path = dir.resolve("gateway.json");
        String digest = file().write(table(Availability.READY));
        Files.writeString(path, "{}");
        assertThat(file().digest()).isNotEqualTo(digest);
        assertThat(file().write(table(Availability.READY))).isEqualTo(digest);
        assertThat(file().digest()).isEqualTo(digest);
    }

    @Test
    void getsOverWhatACrashLeft() throws Exception {
        Path left = Files.writeString(dir.resolve(".gateway.json.tmp"), "half");
        Files.setPosixFilePermissions(left, PosixFilePermissions.fromString("rw-rw-rw-"));
        file().write(table(Availability.READY));
        assertThat(left).doesNotExist();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(dir.resolve("gateway.json"))))
                .isEqualTo("rw-------");
    }

    @Test
    void aFileThatIsNotThereHasNoDigest() throws Exception {
        assertThat(file().digest()).isNull();
    }
}
