package mlxstack.logs;

import java.nio.file.Path;

/** How full the file system is that the logs lie on. Usable from any thread. */
public interface Disk {

    /** Bytes that we may still write. */
    long free();

    /** Bytes in all. */
    long total();

    /** The one that {@code dir} lies on. */
    static Disk of(Path dir) {
        // Not a FileStore: making one reads the whole table of mounts.
        var file = dir.toFile();
        return new Disk() {
            @Override
            public long free() {
                return file.getUsableSpace();
            }

            @Override
            public long total() {
                return file.getTotalSpace();
            }
        };
    }
}
