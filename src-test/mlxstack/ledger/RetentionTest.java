package mlxstack.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RetentionTest {

    private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");

    @TempDir
    private Path home;

    private static void fill(Connection connection, int from, int to) throws Exception {
        Schema.migrate(connection);
        try (var rows = new Rows(connection)) {
            Database.together(connection, () -> {
                for (int i = from; i < to; i++) {
                    rows.write(Exchanges.remote("r" + i, NOON.minus(Duration.ofHours(i))), NOON);
                }
            });
        }
    }

    @Test
    void theOldGoAndTheirAttemptsWithThem() throws Exception {
        try (var connection = Database.forWriting(home.resolve("ledger.db"))) {
            fill(connection, 0, 3000);
            new Retention(Duration.ofDays(40), 1L << 40).apply(connection, NOON);
            assertThat(Database.number(connection, "SELECT COUNT(*) FROM requests"))
                    .isEqualTo(961);
            assertThat(Database.number(connection, "SELECT COUNT(*) FROM attempts"))
                    .isEqualTo(1922);
            assertThat(Database.number(connection, "SELECT MIN(time) FROM requests"))
                    .isEqualTo(NOON.minus(Duration.ofDays(40)).toEpochMilli());
            assertThat(Database.number(connection, "SELECT COUNT(*) FROM prices"))
                    .isEqualTo(1);
        }
    }

    @Test
    void whatIsTooMuchGoesFromTheOldEnd() throws Exception {
        try (var connection = Database.forWriting(home.resolve("ledger.db"))) {
            fill(connection, 0, 5000);
            new Retention(Duration.ofDays(4000), 512 * 1024).apply(connection, NOON);
            long left = Database.number(connection, "SELECT COUNT(*) FROM requests");
            assertThat(left).isBetween(500L, 4000L);
            assertThat(Database.number(connection, "SELECT MAX(time) FROM requests"))
                    .isEqualTo(NOON.toEpochMilli());
            // What was freed is used again: the file does not grow.
            long pages = Database.number(connection, "PRAGMA page_count");
            fill(connection, 5000, 5200);
            assertThat(Database.number(connection, "PRAGMA page_count")).isEqualTo(pages);
        }
    }

    @Test
    void aMonthsBudgetCanAlwaysBeReckoned() {
        assertThatThrownBy(() -> new Retention(Duration.ofDays(31), 1)).hasMessageContaining("32 days");
        assertThat(List.of(Retention.DEFAULT.age())).containsExactly(Duration.ofDays(90));
    }

    @Test
    void anotherRetentionHoldsWithTheNextRequest() throws Exception {
        var file = home.resolve("ledger.db");
        var ledger = new Ledger(file, Ledger.Settings.DEFAULT, InstantSource.fixed(NOON));
        ledger.record(Exchanges.local("old", NOON.minus(Duration.ofDays(60))));
        ledger.record(Exchanges.local("new", NOON));
        ledger.flush().toCompletableFuture().get(20, TimeUnit.SECONDS);
        assertThat(ids(file)).containsExactly("old", "new");
        ledger.retention(new Retention(Duration.ofDays(40), 1L << 40));
        ledger.record(Exchanges.local("next", NOON));
        ledger.close(Duration.ofSeconds(20));
        assertThat(ids(file)).containsExactly("new", "next");
    }

    private static List<String> ids(Path file) throws Exception {
        try (var books = Objects.requireNonNull(Books.open(file))) {
            return books.decisions(Instant.EPOCH, 10).stream().map(Decided::id).toList();
        }
    }
}
