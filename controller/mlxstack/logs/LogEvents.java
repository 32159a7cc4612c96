package mlxstack.logs;

import org.jspecify.annotations.Nullable;

/** Is told what happened to logs. Called on the store's thread; must not wait. */
public interface LogEvents {

    /** @param name null is about all logs */
    void happened(@Nullable String name, Reason reason, String message);

    /** Spelled as events are. */
    enum Reason {
        /** Somebody deleted or moved the file of a running process; it is followed all the same. */
        LogFileRemoved,
        /** Somebody shortened the file of a running process. */
        LogFileTruncated,
        /** Bytes were given up to free the disk. */
        LogBytesLost,
        /** The file system has no holes: what is written while a file is cut cannot be saved. */
        LogBytesAtRisk,
        /** Too little is free: logs are given up. Told again with the interval when it is over. */
        DiskFull,
        LogRotationFailed
    }
}
