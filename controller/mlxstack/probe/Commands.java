package mlxstack.probe;

import java.time.Duration;
import java.util.List;
import mlxstack.spec.Workload;

/** Runs commands beside a workload: with its environment, in its directory, in a session of their own. */
public interface Commands {

    /**
     * Runs one to its end. Nothing of its process group is left when this returns.
     *
     * @throws InterruptedException when the caller is interrupted, after the command has been killed
     */
    Result run(Workload workload, List<String> command, Duration timeout) throws InterruptedException;

    sealed interface Result {

        /**
         * @param ending for people, as in {@code exit code 3}
         * @param output the first of what it wrote
         */
        record Ended(boolean success, String ending, String output) implements Result {}

        /** It had not ended in time, so it was killed. */
        record TimedOut(String output) implements Result {}

        /** It could not be run at all. */
        record NotRun(String reason) implements Result {}
    }
}
