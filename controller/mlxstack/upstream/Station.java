package mlxstack.upstream;

import mlxstack.route.Backend;
import mlxstack.route.Backend.Availability;

/** What is remembered of a backend from one request to the next. Event loop only. */
final class Station {

    /** That wait for an endpoint without a limit of its own to start. */
    private static final int HELD = 256;

    final Breaker breaker = new Breaker();
    final Queue<Dispatch> queue = new Queue<>();
    final PromptRate rate = new PromptRate();
    private Backend backend;

    Station(Backend backend) {
        this.backend = backend;
        limits();
    }

    /** A newer description of the same. */
    void describe(Backend fresh) {
        boolean again = fresh.availability() == Availability.READY
                && (backend.availability() != Availability.READY
                        || !fresh.base().equals(backend.base()));
        backend = fresh;
        limits();
        if (again) {
            // The reconciler has seen it serve.
            breaker.close();
        }
    }

    private void limits() {
        boolean limited = backend.concurrency() > 0 || backend.maxWaiting() > 0;
        queue.limits(backend.concurrency(), limited ? backend.maxWaiting() : HELD);
    }

    /** Those whose turn it is take it. */
    void pump() {
        for (var next = queue.next(); next != null; next = queue.next()) {
            next.turn();
            if (next.equals(queue.next())) {
                return;
            }
        }
    }

    Condition condition(Backend of, long now) {
        return new Condition(of, queue.running(), queue.waiting(), breaker.circuit(now), breaker.restSeconds(now));
    }

    boolean isIdle() {
        return queue.running() == 0 && queue.waiting() == 0;
    }
}
