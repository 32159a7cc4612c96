package mlxstack.daemon;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import mlxstack.engine.Engines;
import mlxstack.probe.Commands;
import mlxstack.probe.Listeners;
import mlxstack.probe.ModelServers;
import mlxstack.process.CommandRunner;
import mlxstack.process.PortCheck;
import mlxstack.reconcile.ExitStatus;
import mlxstack.reconcile.Identity;
import mlxstack.reconcile.Obstacle;
import mlxstack.spec.EngineKind;
import mlxstack.spec.Workload;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;

/** What probes need of processes and engines. Holds nothing of its own; usable from any thread. */
@NullMarked
public record ProbePorts(PortCheck portCheck, Supplier<Engines> engines, CommandRunner runner)
        implements Listeners, ModelServers, Commands {

    @Override
    public boolean owns(int port, Identity identity) {
        return portCheck.owns(port, identity);
    }

    @Override
    public Optional<Obstacle.PortInUse> holder(int port) {
        return portCheck.check(port);
    }

    @Override
    public @Nullable String healthPath(EngineKind kind) {
        return Engines.healthPath(kind);
    }

    @Override
    public Question question(Workload workload) {
        var check = Engines.tokenCheck(workload);
        return new Question(check.path(), check.body());
    }

    @Override
    public Commands.Result run(Workload workload, List<String> command, Duration timeout) throws InterruptedException {
        var around = engines.get().surroundings(workload.template());
        if (around.isLeft()) {
            return new Commands.Result.NotRun(around.getLeft().message());
        }
        Path cwd = around.get().workingDirectory();
        return switch (runner.run(command, around.get().env(), cwd, timeout)) {
            case CommandRunner.Result.Ended(var status, var output) ->
                new Commands.Result.Ended(status.isSuccess(), text(status), output);
            case CommandRunner.Result.TimedOut(var output) -> new Commands.Result.TimedOut(output);
            case CommandRunner.Result.NotRun(var obstacle) -> new Commands.Result.NotRun(obstacle.message());
        };
    }

    private static String text(ExitStatus status) {
        return switch (status) {
            case ExitStatus.Code(int code) -> "exit code " + code;
            case ExitStatus.Signal signal -> "signal " + signal.name();
            case ExitStatus.Unknown _ -> "an unknown exit code";
        };
    }
}
