package mlxstack.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TickerTest {

    private static final long EVERY_MILLIS = 3_600_000;
    private static final long EVERY = TimeUnit.MILLISECONDS.toNanos(EVERY_MILLIS);

    private final Vertx vertx = Vertx.vertx();
    private final List<Long> seen = new ArrayList<>();
    private final Ticker ticker = new Ticker(vertx, EVERY_MILLIS);

    @AfterEach
    void close() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    @Test
    void aLookThatComesLateIsPutOffOnceSoThatWhatWaitsIsReadFirst() {
        ticker.add(seen::add);
        long now = System.nanoTime();
        ticker.tick(now + EVERY);
        ticker.tick(now + 20 * EVERY);
        assertThat(seen).containsExactly(now + EVERY);
        ticker.tick(now + 40 * EVERY);
        assertThat(seen).as("but not for ever").containsExactly(now + EVERY, now + 40 * EVERY);
    }
}
