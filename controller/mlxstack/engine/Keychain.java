package mlxstack.engine;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** The login keychain. */
interface Keychain {

    /** The password of a generic item; empty when there is none, it may not be read, or there is no keychain. */
    Optional<String> password(String item);

    /** Asks macOS's own tool; knows nothing elsewhere. */
    static Keychain system() {
        Path tool = Path.of("/usr/bin/security");
        return item -> Files.isExecutable(tool) ? ask(tool, item) : Optional.empty();
    }

    private static Optional<String> ask(Path tool, String item) {
        try {
            var process = new ProcessBuilder(tool.toString(), "find-generic-password", "-w", "-s", item)
                    .redirectInput(Path.of("/dev/null").toFile())
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            try {
                // It asks the user when the item may not be read by everybody, and a daemon has nobody to ask. A
                // password fits into the pipe, so that nothing has to be read before the end.
                if (!process.waitFor(10, TimeUnit.SECONDS) || process.exitValue() != 0) {
                    return Optional.empty();
                }
                var text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
                return Optional.of(text.endsWith("\n") ? text.substring(0, text.length() - 1) : text);
            } finally {
                process.destroyForcibly();
            }
        } catch (IOException e) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }
}
