package mlxstack.gateway;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import mlxstack.engine.Peers;

/** Runs the programs of {@code src-test/peers/clients} with the real SDKs, in a folder of their own. */
final class Clients implements AutoCloseable {

    private static final Path PROGRAMS = Path.of("src-test/peers/clients");
    private static final int PATIENCE_S = 120;

    private final Path dir;
    private final String python;

    private Clients(Path dir, String python) {
        this.dir = dir;
        this.python = python;
    }

    static Clients install(Path dir) throws IOException {
        try (var programs = Files.list(PROGRAMS)) {
            for (Path program : programs.toList()) {
                if (Files.isRegularFile(program)) {
                    Files.copy(program, dir.resolve(program.getFileName()));
                }
            }
        }
        // Node looks for packages beside the program that wants them.
        Files.createSymbolicLink(
                dir.resolve("node_modules"), Peers.client("sdks-node").resolve("node_modules"));
        return new Clients(
                dir, Peers.client("sdks-python").resolve("bin/python").toString());
    }

    /**
     * Runs a program to its end.
     *
     * @return the cases that passed
     * @throws AssertionError with all it printed when one failed
     */
    List<String> run(String program, int port, String model, String... tags) throws Exception {
        var command = new ArrayList<String>();
        command.add(program.endsWith(".py") ? python : "node");
        command.addAll(List.of(program, "http://127.0.0.1:" + port, model));
        command.addAll(List.of(tags));
        Path output = dir.resolve(program + ".out");
        var builder = new ProcessBuilder(command)
                .directory(dir.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        builder.environment()
                .keySet()
                .removeIf(name -> name.toLowerCase(java.util.Locale.ROOT).contains("proxy"));
        builder.environment().put("PYTHONDONTWRITEBYTECODE", "1");
        var process = builder.start();
        boolean ended = process.waitFor(PATIENCE_S, TimeUnit.SECONDS);
        process.destroyForcibly().waitFor();
        String printed = Files.readString(output);
        if (!ended || process.exitValue() != 0) {
            throw new AssertionError(program + (ended ? " failed:\n" : " does not end:\n") + printed);
        }
        return printed.lines()
                .filter(line -> line.startsWith("ok "))
                .map(line -> line.substring(3))
                .toList();
    }

    /** The link alone; JUnit would warn that it leads out of its folder. */
    @Override
    public void close() throws IOException {
        Files.deleteIfExists(dir.resolve("node_modules"));
    }
}
