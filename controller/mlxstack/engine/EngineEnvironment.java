package mlxstack.engine;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/**
 * What starting something depends on besides its spec.
 *
 * @param home {@code $MLXSTACK_HOME}
 * @param userHome of the user the daemon runs as
 * @param java the {@code java} binary our own programs run on
 * @param classpath of our own programs: the jar, as a rule
 * @param recordedPath the PATH that {@code up} or {@code install} was run with
 * @param daemon the daemon's own environment: last resort of secrets, source of USER, LANG and their like
 * @param helpTimeout how long a binary may take to print its help; imports alone can take many seconds
 */
public record EngineEnvironment(
        Path home,
        Path userHome,
        Path java,
        String classpath,
        String recordedPath,
        Map<String, String> daemon,
        Duration helpTimeout) {

    /** In the daemon's environment: our own children keep the classes they loaded. */
    public static final String TRAINING = "MLXSTACK_TRAINING";

    public EngineEnvironment {
        daemon = Map.copyOf(daemon);
    }

    /** Names of variables only: their values may be secrets. */
    @Override
    public String toString() {
        return "EngineEnvironment[home=" + home + ", daemon=" + daemon.keySet() + "]";
    }
}
