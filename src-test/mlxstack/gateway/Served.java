package mlxstack.gateway;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import mlxstack.spec.ModelApi;
import mlxstack.upstream.Dispatcher;

/** A gateway in this JVM on a free port, and its file. */
final class Served implements AutoCloseable {

    /** The access log's name, beside the file. */
    static final String LOG = "access.log";

    private static final List<String> EVERYTHING =
            Arrays.stream(ModelApi.values()).map(ModelApi::word).toList();

    private final Path file;
    private final Gateway gateway;
    private final OutputStream log;

    private Served(Path file, Gateway gateway, OutputStream log) {
        this.log = log;
        this.file = file;
        this.gateway = gateway;
    }

    static Served start(Path dir, JsonObject... endpoints) throws Exception {
        return start(dir, new Intake(), endpoints);
    }

    static Served start(Path dir, Intake intake, JsonObject... endpoints) throws Exception {
        return start(dir, intake, Patience.Limits.DEFAULT, endpoints);
    }

    static Served start(Path dir, Dispatcher.Pace pace, JsonObject... endpoints) throws Exception {
        return start(dir, new Intake(), Patience.Limits.DEFAULT, pace, endpoints);
    }

    static Served start(Path dir, Intake intake, Patience.Limits limits, JsonObject... endpoints) throws Exception {
        return start(dir, intake, limits, Dispatcher.Pace.DEFAULT, endpoints);
    }

    private static Served start(
            Path dir, Intake intake, Patience.Limits limits, Dispatcher.Pace pace, JsonObject... endpoints)
            throws Exception {
        Path file = dir.resolve("gateway.json");
        replace(file, table(0, endpoints));
        return startWithFile(file, intake, limits, pace);
    }

    /** With the file that is there. */
    static Served startWithFile(Path dir) throws Exception {
        return startWithFile(
                dir.resolve("gateway.json"), new Intake(), Patience.Limits.DEFAULT, Dispatcher.Pace.DEFAULT);
    }

    private static Served startWithFile(Path file, Intake intake, Patience.Limits limits, Dispatcher.Pace pace)
            throws Exception {
        var log = new FileOutputStream(file.resolveSibling(LOG).toFile(), true);
        var gateway = Gateway.start(TableFile.open(file), intake, new Gateway.Limits(limits, pace, log))
                .toCompletionStage()
                .toCompletableFuture()
                .get();
        return new Served(file, gateway, log);
    }

    static JsonObject ready(String name, int port) {
        return endpoint(name, port, "ready");
    }

    static JsonObject endpoint(String name, int port, String availability, String... otherModels) {
        var models = new JsonArray().add(name);
        List.of(otherModels).forEach(models::add);
        return new JsonObject()
                .put("id", name)
                .put("names", models)
                .put("base", "http://127.0.0.1:" + port)
                .put("speaks", new JsonArray(EVERYTHING))
                .put("availability", availability)
                .put("retryAfterSeconds", 7);
    }

    static byte[] table(int port, JsonObject... endpoints) {
        return new JsonObject()
                .put("version", 2)
                .put("listen", new JsonObject().put("host", "127.0.0.1").put("port", port))
                .put("backends", new JsonArray(List.of(endpoints)))
                .put("routes", new JsonArray())
                .put("keys", new JsonArray())
                .put("budgets", new JsonArray())
                .put("providerBudgets", new JsonObject())
                .toBuffer()
                .getBytes();
    }

    /** As the daemon does it. */
    static void replace(Path file, byte[] content) throws IOException {
        Path fresh = Files.write(file.resolveSibling("fresh"), content);
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** With routes as the file has them. */
    void reload(JsonArray routes, JsonObject... endpoints) throws IOException {
        var table = new JsonObject(new String(table(0, endpoints), StandardCharsets.UTF_8));
        replace(file, table.put("routes", routes).toBuffer().getBytes());
    }

    void reload(JsonObject... endpoints) throws IOException {
        replace(file, table(0, endpoints));
    }

    Path file() {
        return file;
    }

    int port() {
        return gateway.port();
    }

    Gateway gateway() {
        return gateway;
    }

    JsonObject health() throws IOException {
        return new JsonObject(TestingClient.get(port(), "/health").text());
    }

    @Override
    public void close() {
        try {
            gateway.drain(Duration.ofMillis(1));
            log.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (Exception e) {
            throw new AssertionError("the gateway did not end", e);
        }
    }
}
