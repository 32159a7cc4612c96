package mlxstack.daemon;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import mlxstack.reconcile.Effect;
import mlxstack.reconcile.Event;
import mlxstack.reconcile.Now;
import mlxstack.reconcile.State;
import mlxstack.reconcile.Step;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread that owns the state: takes events from a queue, makes a step of each, and hands the effects on. It
 * never waits for anything but the next event or the next timer.
 */
final class Loop implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Loop.class);
    private static final long RESYNC = TimeUnit.MINUTES.toNanos(1);

    /** What the loop is made of. */
    interface Stepper {
        Step step(State state, Event event, Now now);
    }

    /** Told of every step on the loop's thread; returns at once. */
    interface Recorder {
        void record(State before, Event event, Now now, Step step);
    }

    /** The states around one step. */
    record Transition(State before, State after) {}

    private record Item(@Nullable Event event, @Nullable CompletableFuture<Transition> done) {}

    private final Stepper stepper;
    private final Supplier<Now> clock;
    private Consumer<Effect> executor = _ -> {};
    private Recorder recorder = (_, _, _, _) -> {};
    private final LinkedBlockingQueue<Item> queue = new LinkedBlockingQueue<>();
    private final Timers timers = new Timers();
    private final CopyOnWriteArrayList<Runnable> listeners = new CopyOnWriteArrayList<>();
    private final Thread thread;
    private long resyncAt;
    private volatile State state;
    private volatile long busySince;
    private volatile boolean closed;

    Loop(State initial, Stepper stepper, Supplier<Now> clock) {
        this.state = initial;
        this.stepper = stepper;
        this.clock = clock;
        this.thread = Thread.ofPlatform().name("loop").unstarted(this::run);
    }

    /** @param carriesOut told each effect, in order, on the loop's thread; returns at once */
    void start(Consumer<Effect> carriesOut, Recorder records) {
        executor = carriesOut;
        recorder = records;
        resyncAt = clock.get().awake() + RESYNC;
        thread.start();
    }

    State state() {
        return state;
    }

    void offer(Event event) {
        queue.add(new Item(event, null));
    }

    /** Done when the step has been made and is visible. */
    CompletableFuture<Transition> submit(Event event) {
        var done = new CompletableFuture<Transition>();
        queue.add(new Item(event, done));
        return done;
    }

    /** Done when everything offered before has been stepped through. */
    CompletableFuture<Transition> barrier() {
        var done = new CompletableFuture<Transition>();
        queue.add(new Item(null, done));
        return done;
    }

    /** {@code listener} runs after every step, on the loop's thread. */
    void listen(Runnable listener) {
        listeners.add(listener);
    }

    void unlisten(Runnable listener) {
        listeners.remove(listener);
    }

    /** Something that clients see has changed beside the state. Any thread. */
    void changed() {
        listeners.forEach(Runnable::run);
    }

    /** Nanoseconds since the loop took up what it is at; 0 while it waits. */
    long busyFor() {
        long since = busySince;
        return since == 0 ? 0 : System.nanoTime() - since;
    }

    private void run() {
        try {
            while (!closed) {
                long now = clock.get().awake();
                long wait = Math.min(timers.until(now), Math.max(0, resyncAt - now));
                Item item = queue.poll(wait, TimeUnit.NANOSECONDS);
                busySince = System.nanoTime() | 1;
                if (item != null) {
                    take(item);
                }
                due();
                busySince = 0;
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private void due() {
        long now = clock.get().awake();
        for (Timers.Due due = timers.take(now); due != null; due = timers.take(now)) {
            step(new Event.TimerFired(due.name(), due.at()));
        }
        if (now >= resyncAt) {
            resyncAt = now + RESYNC;
            step(new Event.Resync());
        }
    }

    private void take(Item item) {
        State before = state;
        if (item.event != null) {
            step(item.event);
        }
        if (item.done != null) {
            item.done.complete(new Transition(before, state));
        }
    }

    private void step(Event event) {
        State before = state;
        Now now = clock.get();
        Step step;
        try {
            step = stepper.step(before, event, now);
        } catch (RuntimeException e) {
            // A bug in the core. The state is as it was; what the event said is looked at again at the next resync.
            LOG.error("no step could be made of {}", event, e);
            executor.accept(new Effect.EmitEvent(
                    event.subject(),
                    Effect.EmitEvent.Type.WARNING,
                    "InternalError",
                    "no decision could be made on a " + event.getClass().getSimpleName()
                            + "; please report it with the daemon's log and the journal"));
            return;
        }
        recorder.record(before, event, now, step);
        state = step.state();
        for (Effect effect : step.effects()) {
            switch (effect) {
                case Effect.SetTimer(String name, long at) -> timers.set(name, at);
                case Effect.CancelTimer(String name) -> timers.cancel(name);
                case Effect.Persist _,
                        Effect.PersistStack _,
                        Effect.Forget _,
                        Effect.Spawn _,
                        Effect.Inspect _,
                        Effect.Signal _,
                        Effect.PreStop _,
                        Effect.Clear _,
                        Effect.Adopt _,
                        Effect.StartProbe _,
                        Effect.StopProbe _,
                        Effect.Reload _,
                        Effect.WriteGatewayConfig _,
                        Effect.WriteLitellmConfig _,
                        Effect.EmitEvent _ -> executor.accept(effect);
            }
        }
        changed();
    }

    /** Ends after the step at hand; what is still queued is dropped, as a sudden death would. */
    @Override
    public void close() {
        closed = true;
        thread.interrupt();
        try {
            thread.join(5_000);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
