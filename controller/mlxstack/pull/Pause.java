package mlxstack.pull;

import java.time.Duration;

/** How time is let go by between two tries. */
@FunctionalInterface
interface Pause {

    Pause REAL = Thread::sleep;

    void rest(Duration time) throws InterruptedException;
}
