package mlxstack.ledger;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import mlxstack.route.Price;
import org.jspecify.annotations.Nullable;

/** Prices and policies, a row each whenever they change, so that requests need name a number only. Confined to the writer's thread. */
final class Versions implements AutoCloseable {

    private final Connection connection;
    private final PreparedStatement price;
    private final PreparedStatement policy;
    private final Map<String, Priced> prices = new HashMap<>();
    private final Map<String, Long> policies = new HashMap<>();

    private record Priced(long version, Price price) {}

    Versions(Connection connection) throws SQLException {
        this.connection = connection;
        price = connection.prepareStatement(
                "INSERT INTO prices (since, backend, input, output, cache_read, cache_write) VALUES (?, ?, ?, ?, ?, ?)");
        policy = connection.prepareStatement("INSERT INTO policies (since, digest) VALUES (?, ?)");
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery("SELECT * FROM prices ORDER BY version")) {
            while (rows.next()) {
                var known = new Price(
                        rows.getLong("input"),
                        rows.getLong("output"),
                        rows.getLong("cache_read"),
                        rows.getLong("cache_write"));
                prices.put(rows.getString("backend"), new Priced(rows.getLong("version"), known));
            }
        }
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery("SELECT digest, version FROM policies")) {
            while (rows.next()) {
                policies.put(rows.getString(1), rows.getLong(2));
            }
        }
    }

    /** Of a backend's price now; a row of its own the first time and whenever it changes. */
    long price(String backend, Price now, Instant since) throws SQLException {
        var known = prices.get(backend);
        if (known == null || !known.price().equals(now)) {
            Rows.put(
                    price, since.toEpochMilli(), backend, now.input(), now.output(), now.cacheRead(), now.cacheWrite());
            known = new Priced(made(), now);
            prices.put(backend, known);
        }
        return known.version();
    }

    /** Null for one without a name; a row the first time, the same when it comes back. */
    @Nullable
    Long policy(String digest, Instant since) throws SQLException {
        if (digest.isEmpty()) {
            return null;
        }
        Long known = policies.get(digest);
        if (known == null) {
            Rows.put(policy, since.toEpochMilli(), digest);
            known = made();
            policies.put(digest, known);
        }
        return known;
    }

    private long made() throws SQLException {
        return Database.number(connection, "SELECT last_insert_rowid()");
    }

    @Override
    public void close() throws SQLException {
        price.close();
        policy.close();
    }
}
