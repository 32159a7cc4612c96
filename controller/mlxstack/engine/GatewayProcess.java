package mlxstack.engine;

import io.vavr.control.Either;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import mlxstack.reconcile.Obstacle;
import mlxstack.spec.ModelApi;
import mlxstack.spec.Workload;
import org.jspecify.annotations.Nullable;

/** Our own gateway, from the same jar with other JVM flags. */
record GatewayProcess() implements Engine {

    /**
     * Both compilers, and early: a request takes half the time that it takes with the first alone, and the second's memory is
     * less than what a heap that gives back at once what it does not need saves.
     */
    private static final List<String> JVM_FLAGS = List.of(
            "-Xmx96m",
            "-Xms12m",
            "-Xmn8m",
            "-Xss512k",
            "-XX:+UseSerialGC",
            "-XX:-ShrinkHeapInSteps",
            "-XX:CompileThresholdScaling=0.3",
            "-XX:+UseCompactObjectHeaders",
            "-XX:ReservedCodeCacheSize=32m",
            "-XX:TrimNativeHeapInterval=5000",
            "-XX:MinHeapFreeRatio=10",
            "-XX:MaxHeapFreeRatio=20",
            "-XX:+ExitOnOutOfMemoryError",
            // Buffers of one thread: one arena of small chunks is less work for each piece of a stream.
            "-Dio.netty.allocator.type=pooled",
            "-Dio.netty.allocator.numDirectArenas=1",
            "-Dio.netty.allocator.numHeapArenas=0",
            "-Dio.netty.allocator.maxOrder=6",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow");

    /**
     * With few processors requests would wait for the compilers. On macOS this would take all threads out of their classes of
     * service, and there are processors enough.
     */
    private static final List<String> COMPILERS_LAST =
            List.of("-XX:ThreadPriorityPolicy=1", "-XX:CompilerThreadPriority=10", "-XX:-PrintWarnings");

    /** Seconds of the grace that are left for the end itself. */
    private static final long FOR_THE_END = 5;

    /** Seconds that it gives requests when it is told nothing. */
    private static final long USUAL = 25;

    @Override
    public Either<Obstacle, CommandLine> commandLine(Request request) {
        String config = request.environment().home().resolve("gateway.json").toString();
        var line = OurJvm.run(
                request.environment(),
                flags(ChildEnvironment.MAC),
                "gateway.aot",
                "mlxstack.gateway.GatewayMain",
                request.flags()
                        .add("--config", config)
                        .unlessGiven("--grace", grace(request.workload()))
                        .after());
        return Either.right(line);
    }

    static List<String> flags(boolean mac) {
        return mac
                ? JVM_FLAGS
                : Stream.concat(JVM_FLAGS.stream(), COMPILERS_LAST.stream()).toList();
    }

    /** Seconds for requests under way; null for as many as it takes by itself. */
    private static @Nullable Long grace(Workload workload) {
        long all = workload.policy().terminationGracePeriod().toSeconds();
        long requests = Math.max(1, all - Math.min(FOR_THE_END, all / 2));
        return requests == USUAL ? null : Long.valueOf(requests);
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
        return Set.of();
    }
}
