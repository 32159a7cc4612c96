package mlxstack.daemon;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A file that a process waits for, or that its probe looks for. */
record Gate(Path file) {

    Gate open() {
        try {
            Files.createFile(file);
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Gate shut() {
        try {
            Files.delete(file);
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    boolean isOpen() {
        return Files.exists(file);
    }

    /** A command that lives until the gate is open, then shuts it and ends with that code. */
    String endsWith(int code) {
        return "[sh, -c, \"while [ ! -e %s ]; do sleep 0.02; done; rm %s; exit %d\"]".formatted(file, file, code);
    }

    /** A readiness probe that fails until the gate is open. */
    String readiness() {
        return "{readiness: {exec: {command: [test, -e, %s]}, period: 50ms, failureThreshold: 1}}".formatted(file);
    }
}
