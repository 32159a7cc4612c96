package mlxstack.simulator;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** A simulator in a JVM of its own, as users run it. Its output is in {@code NAME.log} of the given directory. */
public final class SimulatorProcess implements AutoCloseable {

    private static final Pattern LISTENING = Pattern.compile("listening on 127\\.0\\.0\\.1:(\\d+)");

    private final Process process;
    private final Path log;

    private SimulatorProcess(Process process, Path log) {
        this.process = process;
        this.log = log;
    }

    /** Starts one on a free port and waits until it listens. */
    public static SimulatorProcess start(Path dir, String name, String... flags) throws IOException {
        var all = new ArrayList<>(List.of("--port", "0", "--model", name));
        all.addAll(List.of(flags));
        var started = launch(dir, name, all);
        await().atMost(Duration.ofSeconds(60)).until(() -> started.port() > 0 || !started.process.isAlive());
        return started;
    }

    /** Starts one with exactly these flags, and waits for nothing. */
    static SimulatorProcess launch(Path dir, String name, List<String> flags) throws IOException {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(SimulatorMain.JVM_FLAGS);
        command.add("-cp");
        command.add(classes());
        command.add(SimulatorMain.class.getName());
        command.addAll(flags);
        Path log = dir.resolve(name + ".log");
        var process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
        return new SimulatorProcess(process, log);
    }

    /** Needs nothing but its own package, and is given nothing else. */
    private static String classes() {
        try {
            return Path.of(SimulatorMain.class
                            .getProtectionDomain()
                            .getCodeSource()
                            .getLocation()
                            .toURI())
                    .toString();
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    public Process process() {
        return process;
    }

    /** 0 while it does not listen. */
    public int port() throws IOException {
        var match = LISTENING.matcher(output());
        return match.find() ? Integer.parseInt(match.group(1)) : 0;
    }

    public String url() throws IOException {
        return "http://127.0.0.1:" + port();
    }

    public String output() throws IOException {
        return Files.readString(log);
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
