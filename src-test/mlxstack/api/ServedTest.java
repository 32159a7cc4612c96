package mlxstack.api;

import static mlxstack.reconcile.Units.crashing;
import static mlxstack.reconcile.Units.endpoint;
import static mlxstack.reconcile.Units.process;
import static mlxstack.reconcile.Units.ready;
import static mlxstack.reconcile.Units.unit;

import io.vertx.core.Vertx;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import mlxstack.reconcile.ExitStatus;
import mlxstack.reconcile.Units;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A server on a real socket, with a state made by hand behind it. */
abstract class ServedTest {

    static final String GROUP = "/apis/mlxstack.dev/v1";

    final TestingControlPlane plane = new TestingControlPlane(Units.state(
            ready(endpoint("primary", 8000), 501),
            ready(Units.gateway(4000), 502),
            unit(process("web-ui", "open-webui", "serve"), crashing(5, new ExitStatus.Code(3)))));

    private Vertx vertx;
    private Path directory;
    ApiServer server;
    Path socket;

    CliHandler handler() {
        return (request, output) -> {
            output.out(String.join(" ", request.args()) + "\n");
            return 0;
        };
    }

    int history() {
        return 100;
    }

    @BeforeEach
    void serve() throws Exception {
        // Not below the build's directory: a socket's path is short.
        directory = Files.createTempDirectory(Path.of("/tmp"), "mlx");
        socket = directory.resolve("s.sock");
        vertx = ApiServer.lean();
        server = ApiServer.start(vertx, socket, plane, new Changes(plane, 1000, history()), handler())
                .toCompletableFuture()
                .get(20, TimeUnit.SECONDS);
    }

    @AfterEach
    void end() throws Exception {
        server.close();
        vertx.close().await(20, TimeUnit.SECONDS);
        Files.deleteIfExists(socket);
        Files.delete(directory);
    }

    UnixHttp get(String path, String... headers) throws Exception {
        return UnixHttp.get(socket, path, headers);
    }
}
