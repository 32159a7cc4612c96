package mlxstack.pull;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Remembers which blobs were found to have another content than their name says, until they have been fetched anew. Stateless. */
final class Broken {

    private Broken() {}

    private static Path mark(CacheFolder folder, Checksum checksum) {
        return folder.notes().resolve("broken").resolve(checksum.text());
    }

    static boolean is(CacheFolder folder, Checksum checksum) {
        return !checksum.text().isEmpty() && Files.exists(mark(folder, checksum));
    }

    static void note(CacheFolder folder, Checksum checksum) throws IOException {
        Path mark = mark(folder, checksum);
        Files.createDirectories(mark.resolveSibling(""));
        if (!Files.exists(mark)) {
            Files.createFile(mark);
        }
    }

    static void mended(CacheFolder folder, Checksum checksum) throws IOException {
        Files.deleteIfExists(mark(folder, checksum));
    }
}
