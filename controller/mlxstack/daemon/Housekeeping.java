package mlxstack.daemon;

import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What is looked at every two seconds because nothing tells of it. Ends when interrupted. */
final class Housekeeping {

    private static final Duration EVERY = Duration.ofSeconds(2);
    private static final Logger LOG = LoggerFactory.getLogger(Housekeeping.class);

    private Housekeeping() {}

    static Thread start(Runnable look) {
        // A virtual one would wake its carrier and a timer's thread each time.
        return Thread.ofPlatform().daemon().name("housekeeping").start(() -> {
            try {
                while (true) {
                    Thread.sleep(EVERY);
                    once(look);
                }
            } catch (InterruptedException _) {
                // Closed.
            }
        });
    }

    private static void once(Runnable look) {
        try {
            look.run();
        } catch (RuntimeException e) {
            LOG.error("looking at what changed failed", e);
        }
    }
}
