package mlxstack.process;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * What to start, complete: nothing is inherited and nothing added but the nonce.
 *
 * @param argv the first is a path, or a name looked for in {@code env}'s PATH; relative paths start at {@code cwd}
 * @param env the whole environment, secrets resolved
 * @param cwd absolute
 * @param logFile absolute; created 0600, only ever appended to
 * @param nonce {@code home-id/name/launch/random}
 */
public record SpawnRequest(List<String> argv, Map<String, String> env, Path cwd, Path logFile, String nonce) {

    public SpawnRequest {
        argv = List.copyOf(argv);
        env = Map.copyOf(env);
    }

    /** Without values: they may be secrets. */
    @Override
    public String toString() {
        return "SpawnRequest[" + argv + ", env=" + env.keySet() + ", cwd=" + cwd + ", log=" + logFile + "]";
    }
}
