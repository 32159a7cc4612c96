package mlxstack.ledger;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Reads the ledger while the gateway writes it. SQLite is loaded by {@link #open} alone, and not at all when there is no
 * file. Confined to one thread.
 */
public final class Books implements AutoCloseable {

    /** All offsets from UTC, and so all midnights, are whole quarters of an hour. */
    private static final long QUARTER_MS = 15 * 60 * 1000;

    private static final String SUMS = """
            COUNT(*) AS requests, SUM(outcome NOT IN ('ok', 'client_cancelled')) AS errors,
            SUM(tokens_source IN ('counted', 'reserved')) AS estimated,
            SUM(tokens_in) AS tokens_in, SUM(cache_read) AS cached, SUM(tokens_out) AS tokens_out,
            SUM(cost_nanos) AS cost, SUM(avoided_nanos) AS avoided FROM requests WHERE time >= ?
            """;

    private final Connection connection;

    private Books(Connection connection) {
        this.connection = connection;
    }

    /**
     * @return null when nothing was recorded yet
     * @throws IOException with what is wrong with the file
     */
    public static @Nullable Books open(Path file) throws IOException {
        if (!Files.exists(file)) {
            return null;
        }
        try {
            var connection = Database.forReading(file);
            int version = Schema.version(connection);
            if (version == Schema.VERSION) {
                return new Books(connection);
            }
            connection.close();
            if (version == 0) {
                return null;
            }
            throw new IOException(
                    "%s has version %d, expected %d: it was written by another mlxstack, and the gateway brings older ones up to date when it writes"
                            .formatted(file, version, Schema.VERSION));
        } catch (SQLException e) {
            throw new IOException("cannot read %s: %s".formatted(file, e.getMessage()), e);
        }
    }

    /** What usage is listed by. */
    public enum By {
        DAY("time / " + QUARTER_MS, ""),
        KEY("key", ""),
        /** Of this stack alone. */
        ENDPOINT("backend", "AND backend IS NOT NULL AND provider IS NULL"),
        BACKEND("backend", ""),
        /** As asked. */
        MODEL("model", "");

        private final String column;
        private final String only;

        By(String column, String only) {
            this.column = column;
            this.only = only;
        }
    }

    /** Days in their order, anything else with the dearest and then the busiest first. */
    public List<UsageLine> usage(By by, Instant since, ZoneId zone) throws IOException {
        var lines = new ArrayList<UsageLine>();
        try (var query = connection.prepareStatement(
                "SELECT " + by.column + " AS name, " + SUMS + by.only + " GROUP BY 1 ORDER BY 1")) {
            query.setLong(1, since.toEpochMilli());
            try (var rows = query.executeQuery()) {
                while (rows.next()) {
                    lines.add(line(rows));
                }
            }
        } catch (SQLException e) {
            throw new IOException("cannot read the ledger: " + e.getMessage(), e);
        }
        if (by == By.DAY) {
            return days(lines, zone);
        }
        lines.sort(Comparator.comparingLong(UsageLine::cost)
                .thenComparingLong(line -> line.tokensIn() + line.tokensOut())
                .reversed()
                .thenComparing(UsageLine::name));
        return lines;
    }

    private static UsageLine line(ResultSet rows) throws SQLException {
        String name = rows.getString("name");
        long avoided = rows.getLong("avoided");
        Long known = rows.wasNull() ? null : avoided;
        return new UsageLine(
                name == null ? "-" : name,
                rows.getLong("requests"),
                rows.getLong("errors"),
                rows.getLong("estimated"),
                rows.getLong("tokens_in"),
                rows.getLong("cached"),
                rows.getLong("tokens_out"),
                rows.getLong("cost"),
                known);
    }

    private static List<UsageLine> days(List<UsageLine> quarters, ZoneId zone) {
        var days = new TreeMap<LocalDate, UsageLine>();
        for (UsageLine quarter : quarters) {
            var day = Instant.ofEpochMilli(Long.parseLong(quarter.name()) * QUARTER_MS)
                    .atZone(zone)
                    .toLocalDate();
            days.merge(day, quarter.named(day.toString()), UsageLine::plus);
        }
        return List.copyOf(days.values());
    }

    /** The latest {@code limit} of them, oldest first. */
    public List<Decided> decisions(Instant since, int limit) throws IOException {
        var decided = new ArrayList<Decided>();
        try (var query = connection.prepareStatement(
                        "SELECT * FROM requests WHERE time >= ? ORDER BY time DESC, rowid DESC LIMIT ?");
                var attempts = connection.prepareStatement(
                        "SELECT backend, outcome, reason, ms FROM attempts WHERE request_id = ? ORDER BY ordinal")) {
            query.setLong(1, since.toEpochMilli());
            query.setInt(2, limit);
            try (var rows = query.executeQuery()) {
                while (rows.next()) {
                    attempts.setString(1, rows.getString("id"));
                    var tries = new ArrayList<Exchange.Attempt>();
                    try (var each = attempts.executeQuery()) {
                        while (each.next()) {
                            tries.add(new Exchange.Attempt(
                                    each.getString(1), each.getString(2), each.getString(3), each.getLong(4)));
                        }
                    }
                    decided.add(decided(rows, tries));
                }
            }
        } catch (SQLException e) {
            throw new IOException("cannot read the ledger: " + e.getMessage(), e);
        }
        return decided.reversed();
    }

    private static Decided decided(ResultSet rows, List<Exchange.Attempt> attempts) throws SQLException {
        double score = rows.getDouble("score");
        Double scored = rows.wasNull() ? null : score;
        long first = rows.getLong("ttft_ms");
        Long firstToken = rows.wasNull() ? null : first;
        return new Decided(
                rows.getString("id"),
                Instant.ofEpochMilli(rows.getLong("time")),
                rows.getString("key"),
                rows.getString("operation"),
                rows.getString("model"),
                rows.getString("route"),
                rows.getString("level"),
                scored,
                rows.getString("reasons"),
                rows.getString("backend"),
                rows.getString("outcome"),
                rows.getInt("status"),
                rows.getString("tokens_source"),
                rows.getLong("tokens_in"),
                rows.getLong("tokens_out"),
                rows.getLong("queue_ms"),
                firstToken,
                rows.getLong("duration_ms"),
                rows.getLong("cost_nanos"),
                attempts);
    }

    @Override
    public void close() throws IOException {
        try {
            connection.close();
        } catch (SQLException e) {
            throw new IOException("cannot close the ledger: " + e.getMessage(), e);
        }
    }
}
