package mlxstack.ledger;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Objects;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;
import org.sqlite.SQLiteJDBCLoader;
import org.sqlite.util.OSInfo;

/**
 * Opens SQLite files. The only class that knows SQLite's driver: whoever does not touch it does not load it. Stateless.
 */
final class Database {

    private static final int BUSY_MS = 2000;
    private static final int CACHE_KIB = 1024;
    private static final int WAL_BYTES = 8 * 1024 * 1024;

    private Database() {}

    /** Makes the file, 0600, when it is not there. */
    static Connection forWriting(Path file) throws SQLException, IOException {
        try {
            Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        } catch (FileAlreadyExistsException e) {
            if (!Files.isRegularFile(file)) {
                throw new IOException(file + " is in the way: expected a file; move it", e);
            }
        }
        var config = config(file);
        config.setJournalMode(SQLiteConfig.JournalMode.WAL);
        // Whatever was committed survives us; the machine's sudden end may take the last moments.
        config.setSynchronous(SQLiteConfig.SynchronousMode.NORMAL);
        config.setJournalSizeLimit(WAL_BYTES);
        return config.createConnection(url(file));
    }

    /** @param file there already */
    static Connection forReading(Path file) throws SQLException, IOException {
        var config = config(file);
        config.setReadOnly(true);
        return config.createConnection(url(file));
    }

    private static SQLiteConfig config(Path file) throws IOException {
        bringLibrary(Objects.requireNonNull(file.getParent()).resolve("native"));
        var config = new SQLiteConfig();
        config.setBusyTimeout(BUSY_MS);
        config.setCacheSize(-CACHE_KIB);
        config.setTempStore(SQLiteConfig.TempStore.MEMORY);
        return config;
    }

    /** As a URI: a path may have characters that mean something to SQLite. */
    private static String url(Path file) {
        return "jdbc:sqlite:" + file.toUri();
    }

    interface Work {
        void run() throws SQLException;
    }

    /** All of it or nothing. The driver's own transactions would begin the next one, and take its lock, at once. */
    static void together(Connection connection, Work work) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.executeUpdate("BEGIN IMMEDIATE");
            try {
                work.run();
                statement.executeUpdate("COMMIT");
            } catch (SQLException | RuntimeException e) {
                try {
                    statement.executeUpdate("ROLLBACK");
                } catch (SQLException also) {
                    // SQLite has done so itself after the gravest errors.
                    e.addSuppressed(also);
                }
                throw e;
            }
        }
    }

    /** What a query for one number says. */
    static long number(Connection connection, String sql) throws SQLException {
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery(sql)) {
            return rows.next() ? rows.getLong(1) : 0;
        }
    }

    /** Whether trying again cannot help, since the file itself is not what it should be. */
    static boolean isDamage(SQLException e) {
        if (!(e instanceof SQLiteException sqlite)) {
            return false;
        }
        // The upper bytes say more of the same.
        int code = sqlite.getResultCode().code & 0xff;
        return code == SQLiteErrorCode.SQLITE_CORRUPT.code || code == SQLiteErrorCode.SQLITE_NOTADB.code;
    }

    /**
     * The driver would unpack its library into everybody's temporary directory, anew for each process, and leave it there
     * when the process is killed. So it is told where there is one.
     */
    private static void bringLibrary(Path directory) throws IOException {
        String name = System.mapLibraryName("sqlitejdbc-" + SQLiteJDBCLoader.getVersion());
        Path library = directory.resolve(name);
        if (!Files.exists(library)) {
            unpack(directory, library);
        }
        System.setProperty("org.sqlite.lib.path", directory.toString());
        System.setProperty("org.sqlite.lib.name", name);
    }

    private static void unpack(Path directory, Path library) throws IOException {
        if (!Files.isDirectory(directory)) {
            Files.createDirectory(
                    directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        }
        String resource = "/org/sqlite/native/%s/%s"
                .formatted(OSInfo.getNativeLibFolderPathForCurrentOS(), System.mapLibraryName("sqlitejdbc"));
        try (var in = SQLiteConfig.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IOException("there is no SQLite for this machine in the jar: " + resource);
            }
            Path fresh = Files.createTempFile(directory, "unpacking", ".tmp");
            Files.copy(in, fresh, StandardCopyOption.REPLACE_EXISTING);
            Files.move(fresh, library, StandardCopyOption.ATOMIC_MOVE);
        }
    }
}
