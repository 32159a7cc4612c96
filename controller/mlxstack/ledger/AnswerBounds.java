package mlxstack.ledger;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;

/**
 * How many answers are kept.
 *
 * @param age since a conversation was last gone on with
 * @param bytes of all answers
 */
record AnswerBounds(Duration age, long bytes) {

    /** Conversations beyond these make searching them slow. */
    private static final int MOST = 10_000;

    /** Deletes what is too old or too much: the conversations that have rested longest, each as a whole. */
    void apply(Connection at, Instant now) throws SQLException {
        while (Database.number(at, "SELECT MIN(used) FROM conversations")
                        < now.minus(age).toEpochMilli()
                || Database.number(at, "SELECT COUNT(*) FROM conversations") > MOST
                || Database.number(at, "SELECT SUM(bytes) FROM conversations") > bytes) {
            try (var statement = at.createStatement()) {
                statement.executeUpdate("DELETE FROM answers WHERE conversation ="
                        + " (SELECT id FROM conversations ORDER BY used, id LIMIT 1)");
                int gone = statement.executeUpdate(
                        "DELETE FROM conversations WHERE id = (SELECT id FROM conversations ORDER BY used, id LIMIT 1)");
                if (gone == 0) {
                    return;
                }
            }
        }
    }
}
