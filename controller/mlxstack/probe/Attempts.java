package mlxstack.probe;

import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Map;
import mlxstack.reconcile.Effect;
import mlxstack.spec.Probe.Handler;
import org.jspecify.annotations.Nullable;

/**
 * One attempt after another of one probe, on the probe's own thread.
 *
 * <p>Whoever answers on a port of the workload must be the workload. To look that up costs as much as ten attempts, so
 * it is done for the first answer, after anything but an answer, and now and then: as long as ours listens, nobody
 * else can.
 */
final class Attempts implements AutoCloseable {

    private static final long LOOK_AGAIN = Duration.ofMinutes(1).toNanos();

    private final Effect.StartProbe probe;
    private final Listeners listeners;
    private final ModelServers servers;
    private final Commands commands;

    /** Null unless a log is what is looked at. */
    private final @Nullable LogWatch log;

    /** When the listener was last seen to be the workload's; 0 is not since the last failure. */
    private long seenOurs;

    Attempts(
            Effect.StartProbe probe,
            Listeners listeners,
            ModelServers servers,
            LogLines logs,
            Commands commands,
            Runnable hurry) {
        this.probe = probe;
        this.listeners = listeners;
        this.servers = servers;
        this.commands = commands;
        log = probe.probe().handler() instanceof Handler.Log wanted ? new LogWatch(probe, wanted, logs, hurry) : null;
    }

    Answer next() throws InterruptedException {
        var deadline = Deadline.in(probe.probe().timeout());
        var answer = ask(deadline);
        if (!answer.succeeded()) {
            seenOurs = 0;
        }
        return answer;
    }

    private Answer ask(Deadline deadline) throws InterruptedException {
        return switch (probe.probe().handler()) {
            case Handler.Http http ->
                onPort(http.port(), deadline, port -> HttpGet.ask(port, http.path(), http.headers(), deadline));
            case Handler.Tcp tcp -> onPort(tcp.port(), deadline, port -> connects(port, deadline));
            case Handler.Health _ -> onPort(null, deadline, port -> health(port, deadline));
            case Handler.Model _ ->
                onPort(null, deadline, port -> health(port, deadline), port -> token(port, deadline));
            case Handler.Exec exec -> exec(exec, deadline.timeout());
            case Handler.Log _ -> log == null ? Answer.unknown("no log is watched") : log.look();
        };
    }

    private interface OnPort {
        Answer ask(int port) throws IOException;
    }

    /** Each question in turn, the later ones only to the workload itself. */
    private Answer onPort(@Nullable Integer declared, Deadline deadline, OnPort... questions)
            throws InterruptedException {
        Integer port = declared == null ? probe.port() : declared;
        if (port == null) {
            return Answer.unknown("there is no port to ask; write one into the probe");
        }
        var answer = Answer.unknown("nothing was asked");
        for (var question : questions) {
            try {
                answer = question.ask(port);
            } catch (ConnectException e) {
                return Answer.failure("nothing listens on port " + port);
            } catch (SocketTimeoutException e) {
                answer = Answer.failure("port %d: no answer within %s".formatted(port, shown(deadline.timeout())));
            } catch (IOException e) {
                if (Thread.currentThread().isInterrupted()) {
                    throw interrupted(e);
                }
                answer = Answer.failure("port %d: %s".formatted(port, e.getMessage()));
            }
            var other = notOurs(port);
            if (other != null) {
                return other;
            }
            if (!answer.succeeded()) {
                return answer;
            }
        }
        return answer;
    }

    private static InterruptedException interrupted(IOException cause) {
        var interrupted = new InterruptedException();
        interrupted.initCause(cause);
        return interrupted;
    }

    private @Nullable Answer notOurs(int port) {
        long now = System.nanoTime();
        if (!isTheirs(port) || (seenOurs != 0 && now - seenOurs < LOOK_AGAIN)) {
            return null;
        }
        if (listeners.owns(port, probe.identity())) {
            seenOurs = now == 0 ? 1 : now;
            return null;
        }
        return listeners
                .holder(port)
                .map(Answer::foreign)
                .orElseGet(() -> Answer.failure("nothing listens on port %d any more".formatted(port)));
    }

    /** Whether the workload says of itself that it listens there; anything else may well be somebody else's. */
    private boolean isTheirs(int port) {
        var template = probe.workload().template();
        return Integer.valueOf(port).equals(probe.port())
                || Integer.valueOf(port).equals(template.port())
                || template.ports().contains(port);
    }

    private static Answer connects(int port, Deadline deadline) throws IOException {
        Http.connect(port, deadline).close();
        return Answer.success("port " + port + " accepts connections");
    }

    private Answer health(int port, Deadline deadline) throws IOException {
        var path = servers.healthPath(probe.workload().template().engine());
        return path == null ? connects(port, deadline) : HttpGet.ask(port, path, Map.of(), deadline);
    }

    private Answer token(int port, Deadline deadline) throws IOException {
        return Token.ask(port, servers.question(probe.workload()), deadline);
    }

    private Answer exec(Handler.Exec exec, Duration timeout) throws InterruptedException {
        return switch (commands.run(probe.workload(), exec.command(), timeout)) {
            case Commands.Result.Ended ended ->
                ended.success()
                        ? Answer.success("")
                        : Answer.failure(exec.command().getFirst() + " ended with " + ended.ending()
                                + colon(Answer.quote(ended.output())));
            case Commands.Result.TimedOut late ->
                Answer.failure("%s did not end within %s and was killed%s"
                        .formatted(exec.command().getFirst(), shown(timeout), colon(Answer.quote(late.output()))));
            case Commands.Result.NotRun not -> Answer.unknown(not.reason());
        };
    }

    private static String colon(String quoted) {
        return quoted.isEmpty() ? "" : ":" + quoted;
    }

    static String shown(Duration duration) {
        return duration.toMillis() % 1000 == 0 ? duration.toSeconds() + "s" : duration.toMillis() + "ms";
    }

    @Override
    public void close() {
        if (log != null) {
            log.close();
        }
    }
}
