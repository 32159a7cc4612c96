package mlxstack.harness;

import io.vavr.control.Either;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;

/** Reads and replaces files that belong to the user. Stateless. */
final class UserFile {

    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rw-------");
    private static final int LINKS = 40;

    private UserFile() {}

    /** Empty where there is none, or a link that leads nowhere. */
    static Optional<byte[]> read(Path file) throws IOException {
        try {
            return Optional.of(Files.readAllBytes(file));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    static Either<Flaw, String> text(byte[] bytes) {
        try {
            return Either.right(StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString());
        } catch (CharacterCodingException e) {
            return Either.left(new Flaw(1, 1, "it is no UTF-8"));
        }
    }

    /** Behind all links, whether there is anything or not. */
    static Path target(Path file) throws IOException {
        Path at = file;
        for (int i = 0; i < LINKS && Files.isSymbolicLink(at); i++) {
            at = at.resolveSibling(Files.readSymbolicLink(at));
        }
        return at;
    }

    /**
     * Puts {@code bytes} in the place of what was read; whoever reads the file sees the one or the other. Its mode stays; a
     * new one may be read by its owner alone.
     *
     * @param read what the bytes were made from; empty: no file
     * @throws IOException when it has changed since, among other things
     */
    static void replace(Path file, Optional<byte[]> read, byte[] bytes) throws IOException {
        Path target = target(file);
        Path folder = target.toAbsolutePath().getParent();
        if (folder == null) {
            throw new IOException(file + " cannot be a file");
        }
        Files.createDirectories(folder);
        boolean there = Files.exists(target);
        var mode = there ? Files.getPosixFilePermissions(target) : OWNER_ONLY;
        Path fresh = Files.createTempFile(folder, "." + target.getFileName(), ".new");
        try {
            try (var channel = FileChannel.open(fresh, StandardOpenOption.WRITE)) {
                var buffer = ByteBuffer.wrap(bytes);
                while (buffer.hasRemaining()) {
                    channel.write(buffer);
                }
                channel.force(true);
            }
            Files.setPosixFilePermissions(fresh, mode);
            if (!same(read(file), read)) {
                throw new IOException(file + " was changed by somebody else at this moment; do it again");
            }
            Files.move(fresh, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(fresh);
        }
    }

    private static boolean same(Optional<byte[]> one, Optional<byte[]> other) {
        return one.isPresent() == other.isPresent() && (one.isEmpty() || Arrays.equals(one.get(), other.orElseThrow()));
    }
}
