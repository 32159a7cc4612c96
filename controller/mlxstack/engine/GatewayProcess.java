package mlxstack.engine;

import io.vavr.control.Either;
import java.util.List;
import mlxstack.reconcile.Obstacle;
import mlxstack.spec.Workload;
import org.jspecify.annotations.Nullable;

/** Our own gateway, from the same jar with other JVM flags. */
record GatewayProcess() implements Engine {

    static final List<String> JVM_FLAGS = List.of(
            "-Xmx96m",
            "-Xms16m",
            "-Xss512k",
            "-XX:+UseSerialGC",
            "-XX:+UseCompactObjectHeaders",
            "-XX:ReservedCodeCacheSize=48m",
            "-XX:TrimNativeHeapInterval=5000",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow");

    @Override
    public Either<Obstacle, CommandLine> commandLine(Request request) {
        String config = request.environment().home().resolve("gateway.json").toString();
        var line = OurJvm.run(
                request.environment(),
                JVM_FLAGS,
                "gateway.aot",
                "mlxstack.gateway.GatewayMain",
                request.flags().add("--config", config).after());
        return Either.right(line);
    }

    @Override
    public String healthPath() {
        return "/health";
    }

    @Override
    public @Nullable String upstreamModel(Workload workload) {
        return null;
    }
}
