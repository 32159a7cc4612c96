package mlxstack.simulator;

import java.lang.foreign.Arena;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Faults of the process as a whole, which count requests. Shared by all connections. */
final class Faults {

    private final Knobs knobs;
    private final Log log;
    private final AtomicInteger answered = new AtomicInteger();

    Faults(Knobs knobs, Log log) {
        this.knobs = knobs;
        this.log = log;
    }

    /** Whether nothing answers any more, health included. */
    boolean hung() {
        return knobs.has(Knob.HANG)
                || (knobs.has(Knob.HANG_AFTER) && answered.get() >= knobs.count(Knob.HANG_AFTER, 0));
    }

    /** A model request has been answered in full, or its client has left. */
    void answered() {
        int count = answered.incrementAndGet();
        if (knobs.has(Knob.CRASH_AFTER) && count >= knobs.count(Knob.CRASH_AFTER, 0)) {
            crash("--crash-after " + count);
        }
    }

    /** Ends the process as a crash does: at once, with nothing closed in order. */
    void crash(String why) {
        int code = knobs.count(Knob.EXIT_CODE, 1);
        log.line("crashing as asked by " + why + ", exit code " + code);
        Runtime.getRuntime().halt(code);
    }

    void start() {
        if (knobs.has(Knob.IGNORE_TERM)) {
            // The JVM waits for its hooks; one that never ends leaves everything else running.
            Runtime.getRuntime().addShutdownHook(new Thread(() -> {
                log.line("ignoring the signal, as asked by --ignore-term");
                sleepForEver();
            }));
        }
        long rate = knobs.rate(Knob.LEAK);
        if (rate > 0) {
            Thread.ofPlatform().daemon().name("leak").start(() -> leak(rate));
        }
    }

    /** Outside the heap, so that the process grows as asked whatever its heap may be. */
    private static void leak(long rate) {
        try {
            while (true) {
                Arena.global().allocate(Math.max(1, rate / 10)).fill((byte) 1);
                TimeUnit.MILLISECONDS.sleep(100);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void sleepForEver() {
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
