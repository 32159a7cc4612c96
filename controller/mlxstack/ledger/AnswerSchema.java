package mlxstack.ledger;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/** The tables of answers. Stateless. */
final class AnswerSchema {

    private static final int VERSION = 1;

    private static final List<String> SCHEMA = List.of(
            """
            CREATE TABLE conversations (
              id INTEGER PRIMARY KEY,
              used INTEGER NOT NULL,          -- milliseconds since 1970: when it was last gone on with
              bytes INTEGER NOT NULL
            ) STRICT""",
            "CREATE INDEX conversations_used ON conversations (used)",
            """
            CREATE TABLE answers (
              id TEXT NOT NULL PRIMARY KEY,
              conversation INTEGER NOT NULL,
              owner TEXT NOT NULL,            -- the key's name
              previous TEXT,
              hidden INTEGER NOT NULL,        -- deleted by its owner, and others follow from it
              input TEXT NOT NULL,
              response TEXT NOT NULL
            ) STRICT""",
            "CREATE INDEX answers_conversation ON answers (conversation)",
            """
            CREATE INDEX answers_previous ON answers (previous) WHERE previous IS NOT NULL""");

    private AnswerSchema() {}

    /** @param fresh whether there is nothing in it yet */
    static void apply(Connection connection, boolean fresh) throws SQLException {
        try (var statement = connection.createStatement()) {
            // They are users' texts: what is deleted is overwritten.
            statement.execute("PRAGMA secure_delete = ON");
            if (fresh) {
                statement.execute("PRAGMA auto_vacuum = INCREMENTAL");
                statement.execute("VACUUM");
            }
            int version = Schema.version(connection);
            if (version == 0) {
                for (String sql : SCHEMA) {
                    statement.executeUpdate(sql);
                }
                statement.executeUpdate("PRAGMA user_version = " + VERSION);
            } else if (version != VERSION) {
                throw new SQLException("found version %d, expected %d: it was written by another mlxstack"
                        .formatted(version, VERSION));
            }
        }
    }
}
