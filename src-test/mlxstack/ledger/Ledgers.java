package mlxstack.ledger;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;

/** Ledgers for tests. */
public final class Ledgers {

    private Ledgers() {}

    /** Writes these at the time of the latest, and closes the file. */
    public static void write(Path file, List<Exchange> exchanges) throws InterruptedException {
        var latest =
                exchanges.stream().map(Exchange::time).max(Instant::compareTo).orElse(Instant.EPOCH);
        var ledger = new Ledger(file, Ledger.Settings.DEFAULT, InstantSource.fixed(latest));
        exchanges.forEach(ledger::record);
        ledger.close(Duration.ofSeconds(20));
    }
}
