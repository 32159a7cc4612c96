import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The least a supervisor in plain Java can do, as a floor to measure against: starts every line of a file ("name
 * command..."), starts again at once what ends, follows the file. No API, no state, no back-off, no adoption.
 *
 * <p>usage: Floor FILE LOGS ("-" for none)
 */
public class Floor {

    private static final int LOG_BYTES = 1 << 20;
    private static final Map<String, Process> RUNNING = new ConcurrentHashMap<>();
    private static volatile Map<String, List<String>> wanted = Map.of();

    public static void main(String[] args) throws Exception {
        var file = Path.of(args[0]).toAbsolutePath();
        try (var watch = file.getFileSystem().newWatchService()) {
            file.getParent().register(watch, StandardWatchEventKinds.ENTRY_MODIFY, StandardWatchEventKinds.ENTRY_CREATE);
            while (true) {
                follow(file, args[1]);
                var key = watch.take();
                key.pollEvents();
                key.reset();
            }
        }
    }

    private static void follow(Path file, String logs) throws IOException {
        var next = new ConcurrentHashMap<String, List<String>>();
        for (var line : Files.readAllLines(file)) {
            var words = List.of(line.split(" "));
            next.put(words.getFirst(), words.subList(1, words.size()));
        }
        wanted = next;
        RUNNING.forEach((name, process) -> {
            if (!next.containsKey(name) && RUNNING.remove(name, process)) {
                process.destroy();
            }
        });
        for (var name : next.keySet()) {
            if (!RUNNING.containsKey(name)) {
                start(name, logs);
            }
        }
    }

    private static void start(String name, String logs) throws IOException {
        var out = logs.equals("-") ? ProcessBuilder.Redirect.DISCARD : ProcessBuilder.Redirect.PIPE;
        var process = new ProcessBuilder(wanted.get(name)).redirectErrorStream(true).redirectOutput(out).start();
        RUNNING.put(name, process);
        if (!logs.equals("-")) {
            Thread.ofVirtual().start(() -> pump(name, process, Path.of(logs)));
        }
        process.onExit().thenAccept(ended -> {
            if (RUNNING.remove(name, ended) && wanted.containsKey(name)) {
                try {
                    start(name, logs);
                } catch (IOException e) {
                    System.err.println(name + ": " + e);
                }
            }
        });
    }

    private static void pump(String name, Process process, Path logs) {
        var buffer = new byte[1 << 16];
        long began = System.currentTimeMillis();
        try (var in = process.getInputStream()) {
            for (int file = 0, read = 0; read >= 0; file++) {
                try (var out = Files.newOutputStream(logs.resolve("%s.%d.%06d".formatted(name, began, file)))) {
                    for (long size = 0; size < LOG_BYTES && (read = in.read(buffer)) >= 0; size += read) {
                        out.write(buffer, 0, read);
                    }
                }
            }
        } catch (IOException e) {
            System.err.println(name + ": " + e);
        }
    }
}
