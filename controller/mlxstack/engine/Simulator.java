package mlxstack.engine;

import io.vavr.control.Either;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import mlxstack.reconcile.Obstacle;
import mlxstack.spec.ModelApi;
import mlxstack.spec.Workload;
import org.jspecify.annotations.Nullable;

/** Our own server without a model: nothing to install and next to no memory. */
record Simulator() implements Engine {

    /** Several run beside each other on the machine of somebody who only tries things out. */
    static final List<String> JVM_FLAGS = List.of(
            "-Xmx24m",
            "-Xms4m",
            "-Xss256k",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-XX:CICompilerCount=1",
            "-XX:ReservedCodeCacheSize=8m",
            "-XX:MaxDirectMemorySize=1t",
            "-XX:-UsePerfData");

    @Override
    public Either<Obstacle, CommandLine> commandLine(Request request) {
        String model = request.template().model();
        var flags = request.flags()
                .add("--port", String.valueOf(request.port()))
                .unlessGiven("--model", model == null ? request.name() : model)
                .unlessGiven("--context-window", request.template().contextWindow());
        return Either.right(OurJvm.run(
                request.environment(), JVM_FLAGS, "simulator.aot", "mlxstack.simulator.SimulatorMain", flags.after()));
    }

    @Override
    public String healthPath() {
        return "/health";
    }

    @Override
    public @Nullable String upstreamModel(Workload workload) {
        return null;
    }

    @Override
    public Set<ModelApi> speaks(Workload workload) {
        return EnumSet.of(ModelApi.CHAT, ModelApi.COMPLETIONS, ModelApi.EMBEDDINGS, ModelApi.OTHER);
    }
}
