package mlxstack.pull;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a pull has to do.
 *
 * @param commit what the revision is now
 * @param snapshot the folder that will hold it
 */
public record PullPlan(
        String repo, String revision, String commit, Selection.Chosen chosen, List<Step> steps, Path snapshot) {

    public PullPlan {
        steps = List.copyOf(steps);
    }

    /** What becomes of one file. */
    public sealed interface Step {

        RemoteFile file();

        /** It is in the cache. */
        record Here(RemoteFile file) implements Step {}

        /** Another program has it. */
        record Elsewhere(RemoteFile file, Path path, String source) implements Step {}

        /** @param have bytes that came earlier */
        record Fetch(RemoteFile file, long have) implements Step {}
    }

    /** Bytes of the model. */
    public long size() {
        return chosen.size();
    }

    /** Bytes that must come over the network. */
    public long missing() {
        long bytes = 0;
        for (var step : steps) {
            bytes += step instanceof Step.Fetch(RemoteFile file, long have) ? file.size() - have : 0;
        }
        return bytes;
    }

    /** Bytes that earlier tries left. */
    public long resumed() {
        long bytes = 0;
        for (var step : steps) {
            bytes += step instanceof Step.Fetch(RemoteFile _, long have) ? have : 0;
        }
        return bytes;
    }

    public boolean nothingToDo() {
        return steps.stream().allMatch(s -> s instanceof Step.Here);
    }

    /** What an engine is given: a file for GGUF, else the folder. */
    public Path path() {
        @Nullable String entry = chosen.entry();
        return entry == null ? snapshot : snapshot.resolve(entry);
    }
}
