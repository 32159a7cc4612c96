package mlxstack.probe;

import mlxstack.spec.EngineKind;
import mlxstack.spec.Workload;
import org.jspecify.annotations.Nullable;

/** How the engines' own questions are asked. */
public interface ModelServers {

    /** A GET that answers 2xx when the server works; null when the kind has none. */
    @Nullable
    String healthPath(EngineKind kind);

    /** The smallest question that only a loaded model can answer. */
    Question question(Workload workload);

    /**
     * @param path to POST to
     * @param body JSON
     */
    record Question(String path, String body) {}
}
