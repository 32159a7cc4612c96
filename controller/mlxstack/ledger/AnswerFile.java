package mlxstack.ledger;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import mlxstack.wire.ResponseStore.Kept;
import org.jspecify.annotations.Nullable;

/**
 * The file of answers, opened when there is something to write or to look up. Answers that follow from one another are a
 * conversation, which is kept or deleted as a whole. What is deleted is overwritten. Confined to one thread.
 */
final class AnswerFile implements AutoCloseable {

    private final Path file;
    private @Nullable Connection connection;

    AnswerFile(Path file) {
        this.file = file;
    }

    /** @param hidden whether it can no longer be asked for itself */
    record Found(Kept kept, boolean hidden) {}

    /** All of it or nothing; then what is too much goes. */
    void together(Database.Work work, AnswerBounds bounds, Instant now) throws SQLException, IOException {
        var to = open();
        Database.together(to, () -> {
            work.run();
            bounds.apply(to, now);
        });
        try (var statement = to.createStatement()) {
            statement.execute("PRAGMA incremental_vacuum");
        }
    }

    /** Nothing when what it went on from is gone: half a conversation is not kept. */
    void keep(Kept answer, Instant now) throws SQLException {
        remove(answer.owner(), answer.id());
        Long conversation = answer.previous() == null ? begun(now) : conversation(answer.owner(), answer.previous());
        if (conversation == null) {
            return;
        }
        int made = run(
                "INSERT OR IGNORE INTO answers VALUES (?, ?, ?, ?, 0, ?, ?)",
                answer.id(),
                conversation,
                answer.owner(),
                answer.previous(),
                answer.input(),
                answer.response());
        if (made > 0) {
            run(
                    "UPDATE conversations SET used = ?, bytes = bytes + ? WHERE id = ?",
                    now.toEpochMilli(),
                    size(answer.input(), answer.response()),
                    conversation);
        }
    }

    private static long size(String input, String response) {
        return (long) input.length() + response.length();
    }

    private Long begun(Instant now) throws SQLException {
        run("INSERT INTO conversations (used, bytes) VALUES (?, 0)", now.toEpochMilli());
        return Database.number(at(), "SELECT last_insert_rowid()");
    }

    private @Nullable Long conversation(String owner, String id) throws SQLException {
        try (var query = at().prepareStatement("SELECT conversation FROM answers WHERE id = ? AND owner = ?")) {
            put(query, id, owner);
            try (var rows = query.executeQuery()) {
                return rows.next() ? (Long) rows.getLong(1) : null;
            }
        }
    }

    /**
     * All that led to it, the oldest first and itself last; empty when there is none of that id, it is another's, or it has
     * rested for too long.
     */
    List<Found> history(String owner, String id, AnswerBounds bounds, Instant now) throws SQLException, IOException {
        open();
        var history = new ArrayList<Found>();
        if (!isYoung(owner, id, now.minus(bounds.age()))) {
            return history;
        }
        String wanted = id;
        try (var query = at().prepareStatement(
                        "SELECT previous, hidden, input, response FROM answers WHERE id = ? AND owner = ?")) {
            while (wanted != null) {
                put(query, wanted, owner);
                try (var rows = query.executeQuery()) {
                    if (!rows.next() || (history.isEmpty() && rows.getBoolean("hidden"))) {
                        return List.of();
                    }
                    String previous = rows.getString("previous");
                    var kept = new Kept(wanted, owner, previous, rows.getString("input"), rows.getString("response"));
                    history.add(new Found(kept, rows.getBoolean("hidden")));
                    wanted = previous;
                }
            }
        }
        return history.reversed();
    }

    private boolean isYoung(String owner, String id, Instant least) throws SQLException {
        Long conversation = conversation(owner, id);
        return conversation != null
                && Database.number(at(), "SELECT used FROM conversations WHERE id = " + conversation)
                        >= least.toEpochMilli();
    }

    /** As its owner wants it: what others follow from stays, and cannot be asked for. */
    void delete(String owner, String id) throws SQLException {
        if (isFollowed(id)) {
            run("UPDATE answers SET hidden = 1 WHERE id = ? AND owner = ?", id, owner);
        } else {
            remove(owner, id);
        }
    }

    private boolean isFollowed(String id) throws SQLException {
        try (var query = at().prepareStatement("SELECT 1 FROM answers WHERE previous = ?")) {
            put(query, id);
            try (var rows = query.executeQuery()) {
                return rows.next();
            }
        }
    }

    /** It, and what was hidden and stayed for its sake. */
    private void remove(String owner, String id) throws SQLException {
        String next = id;
        while (next != null) {
            String previous;
            try (var query = at().prepareStatement(
                            "SELECT conversation, previous, length(input) + length(response) FROM answers WHERE id = ? AND owner = ?")) {
                put(query, next, owner);
                try (var rows = query.executeQuery()) {
                    if (!rows.next()) {
                        return;
                    }
                    previous = rows.getString(2);
                    run("DELETE FROM answers WHERE id = ?", next);
                    run("UPDATE conversations SET bytes = bytes - ? WHERE id = ?", rows.getLong(3), rows.getLong(1));
                    run(
                            "DELETE FROM conversations WHERE id = ?1 AND NOT EXISTS (SELECT 1 FROM answers WHERE conversation = ?1)",
                            rows.getLong(1));
                }
            }
            next = previous != null && isHidden(owner, previous) && !isFollowed(previous) ? previous : null;
        }
    }

    private boolean isHidden(String owner, String id) throws SQLException {
        try (var query = at().prepareStatement("SELECT hidden FROM answers WHERE id = ? AND owner = ?")) {
            put(query, id, owner);
            try (var rows = query.executeQuery()) {
                return rows.next() && rows.getBoolean(1);
            }
        }
    }

    private int run(String sql, @Nullable Object... values) throws SQLException {
        try (var statement = at().prepareStatement(sql)) {
            put(statement, values);
            return statement.executeUpdate();
        }
    }

    private static void put(PreparedStatement statement, @Nullable Object... values) throws SQLException {
        for (int i = 0; i < values.length; i++) {
            statement.setObject(i + 1, values[i]);
        }
    }

    private Connection at() {
        return Objects.requireNonNull(connection);
    }

    private Connection open() throws SQLException, IOException {
        boolean fresh = !Files.exists(file);
        if (fresh) {
            // Somebody has deleted it: what belonged to it is not the next one's.
            destroy();
        }
        if (connection == null) {
            var opened = Database.forWriting(file);
            try {
                AnswerSchema.apply(opened, fresh);
            } catch (SQLException e) {
                opened.close();
                throw e;
            }
            connection = opened;
        }
        return connection;
    }

    /** Also from the log of what was written, which would have it for a while. */
    void forgetWritten() throws SQLException {
        try (var statement = at().createStatement()) {
            statement.execute("PRAGMA wal_checkpoint(TRUNCATE)");
        }
    }

    /** The whole file, whatever is in it. */
    void destroy() throws IOException {
        close();
        for (String part : List.of("", "-wal", "-shm")) {
            Files.deleteIfExists(file.resolveSibling(file.getFileName() + part));
        }
    }

    @Override
    public void close() {
        var former = connection;
        connection = null;
        if (former != null) {
            try {
                former.close();
            } catch (SQLException e) {
                // What counts was committed.
            }
        }
    }
}
