package mlxstack.daemon;

import java.util.ArrayDeque;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Work of one name runs in the order it came in, one after the other; work of different names runs side by side. A lane
 * that is empty costs no thread. Usable from any thread.
 */
final class Lanes {

    private static final Logger LOG = LoggerFactory.getLogger(Lanes.class);

    private final Map<String, Lane> lanes = new ConcurrentHashMap<>();

    void run(String name, Runnable task) {
        lanes.computeIfAbsent(name, Lane::new).add(task);
    }

    private static final class Lane implements Runnable {

        private final String name;
        private final ArrayDeque<Runnable> tasks = new ArrayDeque<>();
        private boolean running;

        Lane(String name) {
            this.name = name;
        }

        synchronized void add(Runnable task) {
            tasks.add(task);
            if (!running) {
                running = true;
                Thread.ofVirtual().name("lane-" + name).start(this);
            }
        }

        private synchronized @Nullable Runnable next() {
            Runnable task = tasks.poll();
            running = task != null;
            return task;
        }

        @Override
        public void run() {
            for (Runnable task = next(); task != null; task = next()) {
                try {
                    task.run();
                } catch (Throwable e) {
                    // A bug, or no memory or class to be had; what comes after must not be lost with it.
                    LOG.error("an effect on {} failed", name, e);
                }
            }
        }
    }
}
