package mlxstack.pull;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import mlxstack.pull.PullPlan.Step;

/**
 * Takes a copy that another program keeps into the cache, by a hard link: it takes no room, and either may be removed
 * without the other noticing. Only on another file system it is copied. Confined to one thread, which holds the blob's
 * lock.
 */
final class Adoption {

    private static final int CHUNK = 1 << 18;

    private final CacheFolder folder;
    private final Disk disk;

    Adoption(CacheFolder folder, Disk disk) {
        this.folder = folder;
        this.disk = disk;
    }

    /** @return false when it is not the same after all, or cannot be had; then nothing has changed */
    boolean adopt(Step.Elsewhere step, PullWatch watch) throws InterruptedException {
        var file = step.file();
        Path fresh = folder.blob(file.checksum()).resolveSibling(file.checksum().text() + ".adopted");
        try {
            Files.deleteIfExists(fresh);
            String found = checksum(step.path(), file);
            if (!file.checksum().sum(0).is(file.checksum(), found)) {
                watch.note("%s: the copy of %s is another; fetching it".formatted(file.path(), step.source()));
                return false;
            }
            place(step.path().toRealPath(), fresh);
            Files.move(
                    fresh,
                    folder.blob(file.checksum()),
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
            watch.bytes(file.size());
            return true;
        } catch (IOException e) {
            watch.note("%s: the copy of %s cannot be used (%s); fetching it"
                    .formatted(file.path(), step.source(), e.getMessage()));
            return false;
        } finally {
            gone(fresh);
        }
    }

    private void place(Path from, Path fresh) throws IOException {
        try {
            Files.createLink(fresh, from);
        } catch (IOException | UnsupportedOperationException e) {
            copy(from, fresh);
        }
    }

    private void copy(Path from, Path fresh) throws IOException {
        try (InputStream in = Files.newInputStream(from);
                var out = FileChannel.open(fresh, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            byte[] chunk = new byte[CHUNK];
            for (int count = in.read(chunk); count >= 0; count = in.read(chunk)) {
                disk.write(out, ByteBuffer.wrap(chunk, 0, count));
            }
            out.force(true);
        }
    }

    private static void gone(Path fresh) {
        try {
            Files.deleteIfExists(fresh);
        } catch (IOException e) {
            // the next one tries again
        }
    }

    /** Reads all of it. */
    static String checksum(Path path, RemoteFile file) throws IOException, InterruptedException {
        var sum = file.checksum().sum(file.size());
        try (InputStream in = Files.newInputStream(path)) {
            byte[] chunk = new byte[CHUNK];
            for (int count = in.read(chunk); count >= 0; count = in.read(chunk)) {
                sum.add(chunk, 0, count);
                if (Thread.interrupted()) {
                    throw new InterruptedException();
                }
            }
        }
        return sum.text();
    }
}
