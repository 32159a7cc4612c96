package mlxstack.gateway;

import static org.awaitility.Awaitility.await;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** The gateway's program in a JVM of its own, as the daemon starts it. What it logs is in {@code gateway.log}. */
final class GatewayProcess implements AutoCloseable {

    private static final Pattern LISTENING = Pattern.compile("listening on \\S+:(\\d+), ");
    private static final List<String> JVM_FLAGS = List.of(
            "-Xmx96m",
            "-Xss512k",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-XX:+ExitOnOutOfMemoryError",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow");

    private final Process process;
    private final Path file;
    private final Path log;

    private GatewayProcess(Process process, Path file, Path log) {
        this.process = process;
        this.file = file;
        this.log = log;
    }

    /** On a free port; waits until it listens. */
    static GatewayProcess start(Path dir, JsonObject... endpoints) throws IOException {
        Served.replace(dir.resolve("gateway.json"), Served.table(0, endpoints));
        return startWithFile(dir);
    }

    /** With the file that is there; waits until it listens. */
    static GatewayProcess startWithFile(Path dir) throws IOException {
        var started = launch(dir);
        await().atMost(Duration.ofSeconds(60)).until(() -> started.port() > 0 || !started.process.isAlive());
        return started;
    }

    /** With the file that is there, and waits for nothing. */
    static GatewayProcess launch(Path dir, String... more) throws IOException {
        Path file = dir.resolve("gateway.json");
        Path log = dir.resolve("gateway.log");
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(JVM_FLAGS);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), GatewayMain.class.getName()));
        command.addAll(List.of("--config", file.toString()));
        command.addAll(List.of(more));
        var process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        return new GatewayProcess(process, file, log);
    }

    void reload(JsonObject... endpoints) throws IOException {
        Served.replace(file, Served.table(0, endpoints));
    }

    /** 0 while it does not listen. */
    int port() throws IOException {
        var match = LISTENING.matcher(output());
        return match.find() ? Integer.parseInt(match.group(1)) : 0;
    }

    String output() throws IOException {
        return Files.readString(log);
    }

    Process process() {
        return process;
    }

    Path file() {
        return file;
    }

    /** Exit code, waiting for the end. */
    int exit() throws InterruptedException {
        if (!process.waitFor(Duration.ofSeconds(60))) {
            throw new AssertionError("the gateway does not end");
        }
        return process.exitValue();
    }

    /** Most memory it ever had, in MiB. */
    long peak() throws IOException {
        return Files.readAllLines(Path.of("/proc", Long.toString(process.pid()), "status")).stream()
                .filter(line -> line.startsWith("VmHWM:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) / 1024)
                .findFirst()
                .orElseThrow();
    }

    @Override
    public void close() {
        process.destroyForcibly();
        try {
            process.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
