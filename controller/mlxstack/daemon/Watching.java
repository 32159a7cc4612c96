package mlxstack.daemon;

import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import mlxstack.reconcile.State;
import mlxstack.source.SourceWatcher;
import org.jspecify.annotations.Nullable;

/** The watcher of the stack file, replaced when another file is to be watched. Any thread; one lock. */
final class Watching implements AutoCloseable {

    private final Function<Path, SourceWatcher> starter;
    private final StackIntake intake;
    private final Loop loop;
    private @Nullable SourceWatcher watcher;

    Watching(StackIntake intake, Loop loop, Function<Path, SourceWatcher> starter) {
        this.intake = intake;
        this.loop = loop;
        this.starter = starter;
    }

    /** Watches {@code file} from now on; does nothing if it is watched already. */
    synchronized void watch(Path file) {
        if (watcher != null) {
            if (intake.watched().equals(file)) {
                return;
            }
            watcher.close();
        }
        intake.watch(file);
        watcher = starter.apply(file);
    }

    /** Looks at the file at once. Done when what it holds now is in the state. */
    CompletableFuture<State> look() {
        SourceWatcher current;
        synchronized (this) {
            current = watcher;
        }
        return current == null
                ? CompletableFuture.completedFuture(loop.state())
                : current.nudge()
                        .handle((_, _) -> "looked")
                        .thenCompose(_ -> loop.barrier())
                        .thenApply(Loop.Transition::after);
    }

    /** Has the file looked at, and waits for nothing. */
    void hint() {
        var _ = look();
    }

    @Override
    public synchronized void close() {
        if (watcher != null) {
            watcher.close();
        }
    }
}
