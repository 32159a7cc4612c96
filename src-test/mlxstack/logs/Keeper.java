package mlxstack.logs;

import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import mlxstack.spec.LogPolicy;

/** The logs' part of a daemon in a process of its own, to be killed. Says {@code up}; ends with its input. */
final class Keeper implements AutoCloseable {

    private final Process process;

    /** @param prefix a command that starts the one given to it, or none */
    Keeper(Path dir, LogPolicy limits, String... prefix) throws IOException {
        var command = new java.util.ArrayList<>(List.of(prefix));
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx128m",
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                Keeper.class.getName(),
                dir.toString(),
                "" + limits.maxSize(),
                "" + limits.maxFiles()));
        process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    /** What it says next: {@code up}, or an event. */
    String said() throws IOException {
        String line = process.inputReader().readLine();
        return line == null ? "" : line;
    }

    /** As a crash or the kernel would: at once. Repeating it is harmless. */
    @Override
    public void close() {
        try {
            process.destroyForcibly().waitFor();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Takes up launch 1 of {@code a}. */
    public static void main(String[] args) throws IOException {
        var dir = Path.of(args[0]);
        var limits = new LogPolicy(Long.parseLong(args[1]), Integer.parseInt(args[2]));
        LogEvents events = (_, reason, message) -> System.out.println(reason + ": " + message);
        try (var store =
                new LogStore(dir, LogRig.holes(), Disk.of(dir), InstantSource.system(), events, LogRig.QUICK)) {
            store.resume("a", 1, limits);
            System.out.println("up");
            while (System.in.read() >= 0) {
                // until the input ends
            }
        }
    }
}
