package mlxstack.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import io.vertx.core.net.SocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class PeersTest {

    @Test
    void theKernelSaysWhoIsAtTheOtherEnd() throws Exception {
        Path directory = Files.createTempDirectory(Path.of("/tmp"), "mlx");
        Path socket = directory.resolve("s.sock");
        var name = new CompletableFuture<String>();
        Vertx vertx = Vertx.vertx();
        try {
            vertx.createHttpServer()
                    .connectionHandler(c -> name.complete(Peers.nameOf(c)))
                    .requestHandler(r -> r.response().end("ok"))
                    .listen(SocketAddress.domainSocketAddress(socket.toString()))
                    .await(20, TimeUnit.SECONDS);
            try (var answer = UnixHttp.get(socket, "/")) {
                assertThat(answer.body()).isEqualTo("ok");
            }
            assertThat(name.get(20, TimeUnit.SECONDS)).isEqualTo(System.getProperty("user.name"));
        } finally {
            vertx.close().await(20, TimeUnit.SECONDS);
            Files.deleteIfExists(socket);
            Files.delete(directory);
        }
    }
}
