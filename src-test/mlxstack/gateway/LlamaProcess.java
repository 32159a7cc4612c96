package mlxstack.gateway;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import mlxstack.engine.Peers;

/** The real llama.cpp server with the model that does the {@link Task}, known as {@code task}. */
final class LlamaProcess implements AutoCloseable {

    private static final Pattern LISTENING = Pattern.compile("listening on http://127\\.0\\.0\\.1:(\\d+)");

    private final Process process;
    private final int port;

    private LlamaProcess(Process process, int port) {
        this.process = process;
        this.port = port;
    }

    /** @param file which the task is about */
    static LlamaProcess start(Path dir, String file) throws IOException {
        Path model = LlamaTask.write(dir.resolve("task.gguf"), file);
        Path log = dir.resolve("llama.log");
        String server = Peers.llamaServer().split(":", 2)[0] + "/llama-server";
        var process = new ProcessBuilder(List.of(
                        server,
                        "-m",
                        model.toString(),
                        "--port",
                        "0",
                        "-a",
                        "task",
                        "-c",
                        "65536",
                        "-np",
                        "2",
                        "--jinja"))
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        int[] port = {0};
        await().atMost(Duration.ofSeconds(60)).until(() -> {
            var said = LISTENING.matcher(Files.readString(log));
            port[0] = said.results()
                    .mapToInt(line -> Integer.parseInt(line.group(1)))
                    .max()
                    .orElse(0);
            return port[0] > 0 || !process.isAlive();
        });
        if (port[0] == 0) {
            throw new AssertionError("llama-server ended: " + Files.readString(log));
        }
        return new LlamaProcess(process, port[0]);
    }

    int port() {
        return port;
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
