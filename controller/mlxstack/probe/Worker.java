package mlxstack.probe;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import mlxstack.reconcile.Effect;
import mlxstack.reconcile.Event;
import mlxstack.spec.Probe;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One probe from its start to its stop, on a virtual thread of its own. {@link #stop} and {@link #hurry} may be called
 * by any thread.
 */
final class Worker {

    private static final Logger LOG = LoggerFactory.getLogger(Worker.class);

    /** The core has drawn all there is from a success that it has heard often enough; it is told again now and then. */
    private static final long REPEAT = Duration.ofMinutes(1).toNanos();

    /** How the attempts are made; called once, on the worker's thread. */
    interface Start {
        Attempts begin(Runnable hurry);
    }

    private final Effect.StartProbe probe;
    private final Start start;
    private final Consumer<Event> sink;
    private final long firstAt;
    private final Thread thread;
    private volatile boolean stopped;
    private volatile boolean hurried;

    private int successes;
    private long reported;

    Worker(Effect.StartProbe probe, long firstAt, Start start, Consumer<Event> sink) {
        this.probe = probe;
        this.start = start;
        this.sink = sink;
        this.firstAt = firstAt;
        thread = Thread.ofVirtual().name("probe-" + probe.name()).unstarted(this::run);
    }

    Effect.StartProbe probe() {
        return probe;
    }

    void start() {
        thread.start();
    }

    /** No result is reported after this but one that is under way to the sink. An attempt under way is broken off. */
    void stop() {
        stopped = true;
        thread.interrupt();
    }

    void join() throws InterruptedException {
        thread.join();
    }

    /** The next attempt is due now. */
    void hurry() {
        hurried = true;
        LockSupport.unpark(thread);
    }

    private void run() {
        try (var attempts = begin()) {
            var pace = new Pace(probe.kind(), probe.probe());
            long due = firstAt;
            while (await(due)) {
                var answer = attempt(attempts);
                if (stopped) {
                    return;
                }
                report(answer);
                long now = System.nanoTime();
                // Start-up is over with one success; asking a model for more tokens would only keep it busy.
                due = probe.kind() == Probe.Kind.STARTUP && answer.succeeded()
                        ? now + REPEAT
                        : pace.next(Math.min(due, now), now);
            }
        } catch (InterruptedException e) {
            // Stopped amid an attempt: nobody wants its result.
        }
    }

    private @Nullable Attempts begin() {
        try {
            return start.begin(this::hurry);
        } catch (RuntimeException e) {
            LOG.error("the {} probe of {} cannot begin", probe.kind(), probe.name(), e);
            return null;
        }
    }

    /** False when stopped. */
    private boolean await(long due) {
        while (!stopped && !hurried) {
            long left = due - System.nanoTime();
            if (left <= 0) {
                break;
            }
            LockSupport.parkNanos(left);
        }
        hurried = false;
        return !stopped;
    }

    /** A probe that throws has learnt nothing about what it asks. */
    private Answer attempt(@Nullable Attempts attempts) throws InterruptedException {
        if (attempts == null) {
            return Answer.unknown("the probe could not begin; see the daemon's log");
        }
        try {
            return attempts.next();
        } catch (RuntimeException e) {
            LOG.error("the {} probe of {} broke", probe.kind(), probe.name(), e);
            return Answer.unknown(e.toString());
        }
    }

    private void report(Answer answer) {
        successes = answer.succeeded() ? successes + 1 : 0;
        long now = System.nanoTime();
        if (successes > probe.probe().successThreshold() && now - reported < REPEAT) {
            return;
        }
        reported = now;
        sink.accept(new Event.ProbeResult(
                probe.name(), probe.launch(), probe.kind(), answer.outcome(), answer.message(), answer.foreign()));
    }
}
