package mlxstack.pull;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import mlxstack.process.Platform;

/**
 * The locks that the Hugging Face libraries take too: {@code flock} on a file for each blob, gone with whoever held it.
 * Thread-safe: two threads exclude each other as two processes do.
 */
final class Locks {

    private static final Duration LOOK_AGAIN = Duration.ofMillis(200);

    private final Platform platform;

    Locks() {
        this.platform = Platform.current();
    }

    interface Held extends AutoCloseable {

        @Override
        void close();
    }

    /** Whether somebody has it now. */
    boolean isHeld(Path file) {
        if (!Files.exists(file)) {
            return false;
        }
        int descriptor = platform.openLock(file);
        if (descriptor < 0) {
            return false;
        }
        boolean held = platform.isHeld(platform.lock(descriptor, false));
        platform.close(descriptor);
        return held;
    }

    /**
     * Waits for as long as somebody has it.
     *
     * @param waiting told once, when it has to be waited for
     */
    Held take(Path file, Runnable waiting) throws IOException, InterruptedException {
        Files.createDirectories(file.toAbsolutePath().resolveSibling(""));
        int descriptor = platform.openLock(file);
        if (descriptor < 0) {
            throw new IOException("cannot open the lock " + file + ": " + platform.errno(descriptor));
        }
        boolean told = false;
        try {
            while (platform.isHeld(platform.lock(descriptor, false))) {
                if (!told) {
                    waiting.run();
                    told = true;
                }
                Thread.sleep(LOOK_AGAIN);
            }
        } catch (InterruptedException | RuntimeException e) {
            platform.close(descriptor);
            throw e;
        }
        // Any other answer comes from a file system without locks: then only the atomic renames guard, as with the
        // libraries.
        return () -> platform.close(descriptor);
    }
}
