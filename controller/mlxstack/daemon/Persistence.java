package mlxstack.daemon;

import io.vavr.control.Either;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import mlxstack.reconcile.Effect;
import mlxstack.reconcile.Event;
import mlxstack.store.StateFiles;

/**
 * Writes records. What could not be written is tried again until it is, or until a newer record takes its place. Each
 * name is written on its own lane only.
 */
final class Persistence {

    private static final String STACK = "";

    private final StateFiles files;
    private final Consumer<Event> sink;
    private final Lanes lanes;
    private final Duration retry;
    /** What is not on disk and should be, by name. */
    private final Map<String, Supplier<Either<String, ?>>> lost = new ConcurrentHashMap<>();

    Persistence(StateFiles files, Consumer<Event> sink, Lanes lanes, Duration retry) {
        this.files = files;
        this.sink = sink;
        this.lanes = lanes;
        this.retry = retry;
    }

    void write(Effect.Persist effect) {
        attempt(effect.name(), () -> files.persist(effect.record(), effect.sync()));
    }

    void write(Effect.PersistStack effect) {
        attempt(STACK, () -> files.persist(effect.record()));
    }

    void forget(String name) {
        attempt(name, () -> files.forget(name));
    }

    /** Whether the latest record of that name is not on disk. */
    boolean isLost(String name) {
        return lost.containsKey(name);
    }

    private void attempt(String name, Supplier<Either<String, ?>> write) {
        Either<String, ?> written = write.get();
        if (written.isLeft()) {
            lost.put(name, write);
            sink.accept(new Event.PersistFailed(name.equals(STACK) ? null : name, written.getLeft()));
            again(name, write);
        } else if (lost.remove(name) != null && lost.isEmpty()) {
            sink.accept(new Event.PersistRecovered());
        }
    }

    private void again(String name, Supplier<Either<String, ?>> write) {
        Thread.ofVirtual().name("persist-again").start(() -> {
            try {
                Thread.sleep(retry);
            } catch (InterruptedException _) {
                return;
            }
            lanes.run(name, () -> {
                if (write.equals(lost.get(name))) {
                    attempt(name, write);
                }
            });
        });
    }
}
