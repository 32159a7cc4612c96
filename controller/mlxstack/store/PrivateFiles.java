package mlxstack.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/** Files and directories that only their owner may see, and that are replaced whole or not at all. Stateless. */
final class PrivateFiles {

    private static final FileAttribute<Set<PosixFilePermission>> OWNER_ONLY =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    static final FileAttribute<Set<PosixFilePermission>> DIRECTORY =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
    private static final Set<OpenOption> WRITE =
            Set.of(StandardOpenOption.WRITE, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING);
    private static final Set<OpenOption> OVERWRITE = Set.of(StandardOpenOption.WRITE, StandardOpenOption.CREATE);
    private static final Set<OpenOption> APPEND =
            Set.of(StandardOpenOption.WRITE, StandardOpenOption.CREATE, StandardOpenOption.APPEND);

    private PrivateFiles() {}

    /** Makes {@code dir} (its parents too), or takes the group's and others' rights away from what is there. */
    static void directory(Path dir) throws IOException {
        try {
            Files.createDirectory(dir, DIRECTORY);
        } catch (FileAlreadyExistsException e) {
            if (!Files.isDirectory(dir)) {
                throw new IOException(dir + " is in the way: expected a directory; move it", e);
            }
            if (!Files.getPosixFilePermissions(dir).equals(DIRECTORY.value())) {
                Files.setPosixFilePermissions(dir, DIRECTORY.value());
            }
        } catch (java.nio.file.NoSuchFileException e) {
            Path parent = dir.getParent();
            if (parent == null) {
                throw e;
            }
            // Parents of the home are not ours to restrict; those within it are made from the top down.
            Files.createDirectories(parent);
            directory(dir);
        }
    }

    /** Writes {@code content} to {@code file}, which need not be there; {@code sync} waits until the disk has it. */
    static void write(Path file, ByteBuffer content, boolean sync) throws IOException {
        try (FileChannel channel = FileChannel.open(file, WRITE, OWNER_ONLY)) {
            while (content.hasRemaining()) {
                channel.write(content);
            }
            if (sync) {
                channel.force(true);
            }
        }
    }

    /** Writes over what is there, without giving its blocks back first; a rest of longer content is cut off last. */
    static void overwrite(Path file, ByteBuffer content, boolean sync) throws IOException {
        int size = content.remaining();
        try (FileChannel channel = FileChannel.open(file, OVERWRITE, OWNER_ONLY)) {
            while (content.hasRemaining()) {
                channel.write(content);
            }
            channel.truncate(size);
            if (sync) {
                channel.force(true);
            }
        }
    }

    /** Whoever reads {@code file} sees the old content or the new, never a part. */
    static void replace(Path file, ByteBuffer content, boolean sync) throws IOException {
        Path fresh = file.resolveSibling("." + file.getFileName() + ".tmp");
        write(fresh, content, sync);
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
        if (sync) {
            syncDirectory(file.toAbsolutePath().getParent());
        }
    }

    static FileChannel append(Path file) throws IOException {
        return FileChannel.open(file, APPEND, OWNER_ONLY);
    }

    /** Makes renames and deletions in {@code dir} durable. */
    static void syncDirectory(@org.jspecify.annotations.Nullable Path dir) throws IOException {
        if (dir != null) {
            try (FileChannel channel = FileChannel.open(dir, StandardOpenOption.READ)) {
                channel.force(true);
            }
        }
    }

    static boolean isPlainDirectory(Path dir) {
        return Files.isDirectory(dir, LinkOption.NOFOLLOW_LINKS);
    }
}
