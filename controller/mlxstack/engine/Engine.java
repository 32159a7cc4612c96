package mlxstack.engine;

import io.vavr.control.Either;
import java.util.Map;
import java.util.Set;
import mlxstack.reconcile.Obstacle;
import mlxstack.spec.EngineKind;
import mlxstack.spec.ModelApi;
import mlxstack.spec.Template;
import mlxstack.spec.Workload;
import org.jspecify.annotations.Nullable;

/** One kind of server: how it is started and how it is asked. Stateless. */
sealed interface Engine
        permits VllmMlx, MlxLm, LlamaServer, Ollama, UserCommand, Simulator, GatewayProcess, LitellmProcess {

    Either<Obstacle, CommandLine> commandLine(Request request);

    /** A GET that answers 2xx when the server works; null when the kind has none of its own. */
    @Nullable
    String healthPath();

    /** What the server calls its model, when it insists; null when it takes any name. */
    @Nullable
    String upstreamModel(Workload workload);

    /** What it answers itself; anything else has to be translated for it. */
    Set<ModelApi> speaks(Workload workload);

    static Engine of(EngineKind kind) {
        return switch (kind) {
            case VLLM_MLX -> new VllmMlx();
            case MLX_LM -> new MlxLm();
            case LLAMA_SERVER -> new LlamaServer();
            case OLLAMA -> new Ollama();
            case COMMAND -> new UserCommand();
            case SIMULATOR -> new Simulator();
            case GATEWAY -> new GatewayProcess();
            case LITELLM -> new LitellmProcess();
        };
    }

    /**
     * @param env of the child, as far as it is known before the engine's own additions
     * @param allotted null where none is needed
     */
    record Request(
            Workload workload,
            @Nullable Integer allotted,
            Map<String, String> env,
            EngineEnvironment environment,
            Binaries binaries,
            HelpProbe help) {

        Template template() {
            return workload.template();
        }

        String name() {
            return workload.name();
        }

        /** @throws IllegalStateException for an engine that needs one and got none, which the reconciler excludes */
        int port() {
            if (allotted == null) {
                throw new IllegalStateException(name() + " was launched without a port");
            }
            return allotted;
        }

        String model() {
            String model = template().model();
            if (model == null) {
                throw new IllegalStateException(name() + " was launched without a model");
            }
            return model;
        }

        Flags flags() {
            return new Flags(template().args());
        }
    }
}
