package mlxstack.daemon;

import io.vavr.control.Either;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import mlxstack.api.ControlPlane.Document;

/** A stack document that a client read, on its way into the watched file. Stateless. */
final class StackDocument {

    private static final Path STORE = Path.of("/nix/store");

    private StackDocument() {}

    static byte[] bytes(Document document) {
        return document.text().getBytes(StandardCharsets.UTF_8);
    }

    /** Where the document would lie once accepted: relative paths start there. Messages name the client's file. */
    static Path place(Document document, Path watched) {
        return document.origin().equals("-")
                ? watched.resolveSibling("<stdin>")
                : watched.resolveSibling(
                        Path.of(document.origin()).getFileName().toString());
    }

    /** Beside the real file, synced, then renamed over it, with its permissions: a reader sees the old or the new. */
    static Either<List<String>, Path> write(Document document, Path real) {
        if (real.startsWith(STORE)) {
            return Either.left(
                    List.of(real + " lies in the Nix store, which is read-only; change its source and rebuild"));
        }
        Path fresh = real.resolveSibling("." + real.getFileName() + ".mlxstack");
        try {
            Files.write(fresh, bytes(document));
            if (Files.exists(real)) {
                Files.setPosixFilePermissions(fresh, Files.getPosixFilePermissions(real));
            }
            try (var channel = FileChannel.open(fresh, StandardOpenOption.WRITE)) {
                channel.force(true);
            }
            Files.move(fresh, real, StandardCopyOption.ATOMIC_MOVE);
            return Either.right(real);
        } catch (IOException e) {
            return Either.left(List.of("cannot write " + real + ": " + reason(e)));
        } finally {
            delete(fresh);
        }
    }

    private static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException _) {
            // The write has failed for the same reason, and says so.
        }
    }

    /** The message of a file system's exception is often only the path. */
    static String reason(IOException e) {
        return e instanceof FileSystemException f && f.getReason() != null
                ? f.getReason()
                : e.getClass().getSimpleName().replace("Exception", "");
    }
}
