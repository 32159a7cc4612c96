package mlxstack.gateway;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/**
 * A short life in which everything that is usually needed happens once, so that the JVM can keep the classes for the
 * next start ({@code -XX:AOTCacheOutput}). The gateway is its own model server here. Main thread only.
 */
final class Training {

    private static final String NAME = "training";
    private static final String UNKNOWN = "none";

    private Training() {}

    static void run() throws Exception {
        var dir = Files.createTempDirectory("mlxstack-training");
        Path file = dir.resolve("gateway.json");
        try {
            write(file, 1);
            var gateway = Gateway.start(TableFile.open(file), new Intake())
                    .toCompletionStage()
                    .toCompletableFuture()
                    .get();
            write(file, gateway.port());
            call(gateway.port(), "GET /health", "", "\"ok\"");
            call(gateway.port(), "GET /v1/models", "", NAME);
            // Comes back as a request for a model that nobody knows.
            call(gateway.port(), "POST /v1/chat/completions", "{\"model\":\"" + NAME + "\"}", UNKNOWN);
            gateway.drain(Duration.ofSeconds(1));
        } finally {
            Files.deleteIfExists(file);
            Files.deleteIfExists(dir);
        }
    }

    private static void write(Path file, int port) throws IOException {
        var endpoint = new JsonObject()
                .put("name", NAME)
                .put("models", new JsonArray().add(NAME))
                .put("port", port)
                .put("upstreamModel", UNKNOWN)
                .put("availability", Endpoint.Availability.READY.word())
                .put("retryAfterSeconds", 1);
        var table = new JsonObject()
                .put("version", 1)
                .put("listen", new JsonObject().put("host", Endpoint.HOST).put("port", 0))
                .put("endpoints", new JsonArray().add(endpoint));
        Files.writeString(file, table.encodePrettily());
    }

    private static void call(int port, String what, String body, String expected) throws IOException {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            String request = "%s HTTP/1.1\r\nHost: %s:%d\r\nConnection: close\r\nContent-Length: %d\r\n\r\n%s"
                    .formatted(what, Endpoint.HOST, port, body.length(), body);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            var answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (!answer.contains(expected)) {
                throw new IOException("found %s in answer to %s; expected %s".formatted(answer, what, expected));
            }
        }
    }
}
