package mlxstack.hardware;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Runs real programs. Has no state; for any thread. */
record SystemCommands(Duration limit) implements Commands {

    @Override
    public Optional<String> ask(List<String> command) {
        var builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD);
        builder.environment().put("LC_ALL", "C");
        Process process;
        try {
            process = builder.start();
        } catch (IOException e) {
            return Optional.empty();
        }
        // Reading ends when the program does, so that its end is what has to be seen to.
        var watchdog = Thread.ofVirtual().start(() -> endInTime(process));
        try {
            process.getOutputStream().close();
            // What an unknown name of several costs is an exit code; the others are answered.
            return Optional.of(new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            return Optional.empty();
        } finally {
            watchdog.interrupt();
            process.destroyForcibly();
        }
    }

    private void endInTime(Process process) {
        try {
            if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            // It has been heard to the end.
        }
    }
}
