package mlxstack.ledger;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;

/**
 * How much of the past is kept. Prices are kept for good.
 *
 * @param age at least 32 days, which a month's budget looks back
 * @param bytes of the file that are in use; the oldest requests go first
 */
public record Retention(Duration age, long bytes) {

    public static final Retention DEFAULT = new Retention(Duration.ofDays(90), 512L * 1024 * 1024);

    private static final int AT_ONCE = 1000;

    public Retention {
        if (age.compareTo(Duration.ofDays(32)) < 0) {
            throw new IllegalArgumentException("found %s; a month's budget needs 32 days".formatted(age));
        }
    }

    /** Deletes what is too old or too much, a piece at a time, so that nobody waits for long. */
    void apply(Connection connection, Instant now) throws SQLException {
        try (var old = connection.prepareStatement(
                        "DELETE FROM requests WHERE rowid IN (SELECT rowid FROM requests WHERE time < ? ORDER BY time LIMIT "
                                + AT_ONCE + ")");
                var oldest = connection.prepareStatement(
                        "DELETE FROM requests WHERE rowid IN (SELECT rowid FROM requests ORDER BY time LIMIT " + AT_ONCE
                                + ")")) {
            old.setLong(1, now.minus(age).toEpochMilli());
            int gone;
            do {
                gone = old.executeUpdate();
            } while (gone == AT_ONCE);
            boolean more = true;
            while (more && used(connection) > bytes) {
                more = oldest.executeUpdate() > 0;
            }
        }
    }

    private static long used(Connection connection) throws SQLException {
        long free = Database.number(connection, "PRAGMA freelist_count");
        return (Database.number(connection, "PRAGMA page_count") - free)
                * Database.number(connection, "PRAGMA page_size");
    }
}
