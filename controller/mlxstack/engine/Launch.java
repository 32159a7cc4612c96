package mlxstack.engine;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * Everything a spawn needs but the nonce and the log.
 *
 * @param argv the first is the absolute path of the binary
 * @param env whole, secrets resolved
 * @param workingDirectory absolute, existing
 * @param commandDigest of what was generated; flags that only tune our own JVMs, and secrets, do not count
 */
public record Launch(List<String> argv, Map<String, String> env, Path workingDirectory, String commandDigest) {

    public Launch {
        argv = List.copyOf(argv);
        env = Map.copyOf(env);
    }

    /** Without values: they may be secrets. */
    @Override
    public String toString() {
        return "Launch[" + argv + ", env=" + env.keySet() + ", cwd=" + workingDirectory + "]";
    }
}
