package mlxstack.engine;

import io.vavr.control.Either;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import mlxstack.reconcile.Obstacle;
import mlxstack.reconcile.Obstacle.Thing;
import mlxstack.reconcile.Obstacle.Unusable;
import mlxstack.spec.EngineKind;
import mlxstack.spec.MemoryEstimator;
import mlxstack.spec.ModelApi;
import mlxstack.spec.Template;
import mlxstack.spec.Workload;
import org.jspecify.annotations.Nullable;

/**
 * Everything that differs between the servers we can start. Usable by any thread; {@link #resolve} reads files and may,
 * once for each version of a binary, wait seconds for its {@code --help}.
 */
public final class Engines {

    private final EngineEnvironment environment;
    private final ChildEnvironment children;
    private final Secrets secrets;
    private final Binaries binaries = new Binaries();
    private final HelpProbe help;

    public Engines(EngineEnvironment environment) {
        this(environment, Keychain.system());
    }

    Engines(EngineEnvironment environment, Keychain keychain) {
        this.environment = environment;
        secrets = new Secrets(environment.home().resolve("env"), environment.daemon(), keychain);
        children = new ChildEnvironment(environment, secrets);
        help = new HelpProbe(environment.home().resolve("cache").resolve("help"), environment.helpTimeout());
    }

    public Secrets secrets() {
        return secrets;
    }

    /**
     * Finds out how to start a workload, and whether anything it needs is missing.
     *
     * @param port declared or allotted; null where none is needed
     */
    public Either<Obstacle, Launch> resolve(Workload workload, @Nullable Integer port) {
        return surroundings(workload.template()).flatMap(around -> {
            var request = new Engine.Request(workload, port, around.env(), environment, binaries, help);
            return Engine.of(workload.template().engine())
                    .commandLine(request)
                    .map(line ->
                            new Launch(line.argv(), line.over(around.env()), around.workingDirectory(), line.digest()));
        });
    }

    /** What commands that run beside a workload (probes, preStop, reload) get: its environment and its directory. */
    public Either<Obstacle, Surroundings> surroundings(Template template) {
        String wanted = template.workingDirectory();
        Path directory = wanted == null ? environment.userHome() : Path.of(wanted);
        if (!Files.isDirectory(directory)) {
            return Either.left(new Unusable(
                    Thing.WORKING_DIRECTORY,
                    directory.toString(),
                    "working directory %s %s"
                            .formatted(
                                    directory,
                                    Files.exists(directory) ? "is not a directory" : "does not exist; mkdir it")));
        }
        return children.of(template).map(env -> new Surroundings(env, directory));
    }

    /** @param env whole, secrets resolved */
    public record Surroundings(Map<String, String> env, Path workingDirectory) {
        public Surroundings {
            env = Map.copyOf(env);
        }

        /** Without values: they may be secrets. */
        @Override
        public String toString() {
            return "Surroundings[env=" + env.keySet() + ", cwd=" + workingDirectory + "]";
        }
    }

    public MemoryEstimator memoryEstimates() {
        return new MemoryEstimates(environment.userHome(), environment.home());
    }

    /** A GET that answers 2xx when the server works; null when the kind has none of its own. */
    public static @Nullable String healthPath(EngineKind kind) {
        return Engine.of(kind).healthPath();
    }

    /** How to make its model say one token. */
    public static TokenCheck tokenCheck(Workload workload) {
        String model = upstreamModel(workload);
        return TokenCheck.of(model == null ? workload.name() : model);
    }

    /** What the server calls its model; null when it takes any name. */
    public static @Nullable String upstreamModel(Workload workload) {
        return Engine.of(workload.template().engine()).upstreamModel(workload);
    }

    /** What the server answers itself, as far as its kind and its arguments tell. */
    public static Set<ModelApi> speaks(Workload workload) {
        return Engine.of(workload.template().engine()).speaks(workload);
    }
}
