package mlxstack.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import mlxstack.api.ApiServer;
import mlxstack.api.Changes;
import mlxstack.api.DaemonInfo.StartedBy;
import mlxstack.api.TestingControlPlane;
import mlxstack.cli.Daemons.Running;
import mlxstack.reconcile.Units;
import mlxstack.store.Home;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who serves a home, asked of a real server over a real socket. */
class DaemonsTest {

    private Home home;
    private Daemons daemons;

    @BeforeEach
    void home() throws Exception {
        home = new Home(Files.createTempDirectory(Path.of("/tmp"), "mlx"));
        home.create();
        daemons = new Daemons.OfHome(home);
    }

    @AfterEach
    void remove() throws Exception {
        try (Stream<Path> all = Files.walk(home.root())) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }

    @Test
    void theDaemonSaysItsPidAndWhoStartedIt() throws Exception {
        var plane = new TestingControlPlane(Units.state());
        var vertx = ApiServer.lean();
        var server = ApiServer.start(vertx, home.socket(), plane, new Changes(plane, 10, 10), (_, _) -> 0)
                .toCompletableFuture()
                .get(20, TimeUnit.SECONDS);
        try {
            assertThat(daemons.running()).isEqualTo(new Running(4242, StartedBy.TERMINAL));
        } finally {
            server.close();
            vertx.close().toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
        }
        assertThat(daemons.running()).isNull();
    }

    @Test
    void aSocketThatIsLeftOverAnswersNothing() throws Exception {
        Files.createFile(home.socket());
        assertThat(daemons.running()).isNull();
    }

    @Test
    void endingIsAskedByTermAndAnUnknownPidIsLeftAlone() throws Exception {
        var process = new ProcessBuilder("sleep", "600").start();
        try {
            daemons.end(new Running(0, null));
            assertThat(process.isAlive()).isTrue();
            daemons.end(new Running(process.pid(), StartedBy.TERMINAL));
            assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).as("TERM").isEqualTo(128 + 15);
        } finally {
            process.destroyForcibly();
        }
    }
}
