package mlxstack.probe;

import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Pattern;
import mlxstack.reconcile.Effect;
import mlxstack.spec.Probe.Handler;
import org.jspecify.annotations.Nullable;

/** Whether a line has been written. Once it has, that stays true for the launch. Told of it by any thread. */
final class LogWatch implements AutoCloseable {

    private final String pattern;
    private final AtomicReference<@Nullable String> line = new AtomicReference<>();
    private final LogLines.Watch watch;

    /** @param hurry called when the line has come: nobody should wait for the next period */
    LogWatch(Effect.StartProbe probe, Handler.Log wanted, LogLines logs, Runnable hurry) {
        pattern = wanted.pattern();
        watch = logs.watchLines(probe.name(), probe.launch(), Pattern.compile(pattern), 0, found -> {
            line.set(found);
            hurry.run();
        });
    }

    Answer look() {
        var found = line.get();
        return found == null
                ? Answer.failure("no line of its log matches " + pattern + " yet")
                : Answer.success("log:" + Answer.quote(found));
    }

    @Override
    public void close() {
        watch.close();
    }
}
