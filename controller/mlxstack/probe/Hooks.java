package mlxstack.probe;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import mlxstack.reconcile.Effect;
import mlxstack.reconcile.Event;
import mlxstack.reconcile.Identity;
import mlxstack.spec.Reload;
import mlxstack.spec.Workload;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries out what a workload wants done before it is stopped, and when files it reads have changed. Methods return at
 * once and may be called from any thread; the answer goes to {@code sink}, which must not block.
 */
public final class Hooks implements AutoCloseable {

    /** A reload has no timeout of its own to declare. */
    private static final Duration RELOAD = Duration.ofSeconds(30);

    /** Sends a signal, if that process still is that process, and says whether it was sent. */
    @FunctionalInterface
    public interface Signals {
        boolean send(String name, long launch, Identity identity, String signal);
    }

    /** Waits until the gateway has no request with that endpoint any more, or for as long; may be interrupted. */
    @FunctionalInterface
    public interface Drains {
        Drains NONE = (_, _) -> {};

        void await(String name, Duration most) throws InterruptedException;
    }

    private static final Logger LOG = LoggerFactory.getLogger(Hooks.class);

    private final Consumer<Event> sink;
    private final Commands commands;
    private final Signals signals;
    private final Drains drains;
    private final Set<Thread> running = ConcurrentHashMap.newKeySet();

    public Hooks(Consumer<Event> sink, Commands commands, Signals signals, Drains drains) {
        this.sink = sink;
        this.commands = commands;
        this.signals = signals;
        this.drains = drains;
    }

    /** Answered by {@link Event.PreStopDone}; its message is empty when all went well. */
    public void apply(Effect.PreStop effect) {
        var hook = effect.workload().policy().preStop();
        if (hook == null && effect.drainNanos() == 0) {
            sink.accept(new Event.PreStopDone(effect.name(), effect.launch(), ""));
            return;
        }
        begin("preStop-" + effect.name(), () -> {
            if (effect.drainNanos() > 0) {
                drains.await(effect.name(), Duration.ofNanos(effect.drainNanos()));
            }
            var message = "";
            if (hook != null) {
                var timeout = Duration.ofNanos(
                        Math.min(effect.timeoutNanos(), hook.timeout().toNanos()));
                message = problem("preStop", run(effect.workload(), hook.command(), timeout), timeout);
            }
            sink.accept(new Event.PreStopDone(effect.name(), effect.launch(), message));
        });
    }

    /** Answered by {@link Event.Reloaded}. */
    public void apply(Effect.Reload effect) {
        switch (effect.workload().reload()) {
            case null -> answer(effect, "nothing is declared under reload");
            case Reload.BySignal(String signal) -> {
                boolean sent = signals.send(effect.name(), effect.launch(), effect.identity(), signal);
                answer(effect, sent ? "" : signal + " could not be sent: the process has ended");
            }
            case Reload.ByExec(var command) ->
                begin(
                        "reload-" + effect.name(),
                        () -> answer(effect, problem("reload", run(effect.workload(), command, RELOAD), RELOAD)));
        }
    }

    private void answer(Effect.Reload effect, String problem) {
        sink.accept(new Event.Reloaded(
                effect.name(), effect.launch(), problem.isEmpty(), problem.isEmpty() ? "told to reload" : problem));
    }

    private interface Work {
        void run() throws InterruptedException;
    }

    private void begin(String name, Work work) {
        var thread = Thread.ofVirtual().name(name).unstarted(() -> {
            try {
                work.run();
            } catch (InterruptedException e) {
                // We are being closed: whoever comes next does it again.
            } finally {
                running.remove(Thread.currentThread());
            }
        });
        running.add(thread);
        thread.start();
    }

    /** Somebody waits for the answer, whatever happens. */
    private Commands.Result run(Workload workload, List<String> command, Duration timeout) throws InterruptedException {
        try {
            return commands.run(workload, command, timeout);
        } catch (RuntimeException e) {
            LOG.error("a command of {} broke", workload.name(), e);
            return new Commands.Result.NotRun(e.toString());
        }
    }

    private static String problem(String what, Commands.Result result, Duration timeout) {
        return switch (result) {
            case Commands.Result.Ended ended ->
                ended.success() ? "" : what + " ended with " + ended.ending() + tail(ended.output());
            case Commands.Result.TimedOut late ->
                "%s did not end within %s and was killed%s"
                        .formatted(what, Attempts.shown(timeout), tail(late.output()));
            case Commands.Result.NotRun not -> what + " could not be run: " + not.reason();
        };
    }

    private static String tail(String output) {
        var quoted = Answer.quote(output);
        return quoted.isEmpty() ? "" : ":" + quoted;
    }

    /** Breaks off what runs; nothing more is answered. */
    @Override
    public void close() {
        for (var thread : running) {
            thread.interrupt();
        }
        try {
            for (var thread : running) {
                thread.join();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
