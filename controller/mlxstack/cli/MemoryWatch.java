package mlxstack.cli;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import mlxstack.store.Home;
import org.jspecify.annotations.Nullable;

/** Looks at a process's memory every half second, as its daemon sees it. Has a thread of its own. */
final class MemoryWatch implements AutoCloseable {

    private static final long PERIOD_MS = 500;

    private final Home home;
    private final String name;
    private final AtomicLong most = new AtomicLong();
    private final CountDownLatch over = new CountDownLatch(1);

    MemoryWatch(Home home, String name) {
        this.home = home;
        this.name = name;
        Thread.ofVirtual().start(this::watch);
    }

    private void watch() {
        try {
            do {
                look();
            } while (!over.await(PERIOD_MS, TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void look() {
        new HomeApi(home)
                .process(name)
                .forEach(process -> most.accumulateAndGet(
                        process.path("status").path("memory").path("current").asLong(0), Math::max));
    }

    /** Bytes; null when it was never seen. */
    @Nullable
    Long most() {
        look();
        return most.get() == 0 ? null : (Long) most.get();
    }

    @Override
    public void close() {
        over.countDown();
    }
}
