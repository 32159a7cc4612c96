package mlxstack.source;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** A listener that writes down what it is told, one line each; candidates as the text they hold. For any thread. */
final class Told implements SourceWatcher.Listener {
    private final List<String> lines = new CopyOnWriteArrayList<>();
    private final List<Candidate> candidates = new CopyOnWriteArrayList<>();

    @Override
    public void candidate(Candidate candidate) {
        candidates.add(candidate);
        lines.add("candidate " + text(candidate).strip());
    }

    @Override
    public void attributed(Candidate candidate) {
        candidates.add(candidate);
        lines.add("attributed " + candidate.commit());
    }

    @Override
    public void missing(String reason) {
        lines.add("missing " + reason);
    }

    @Override
    public void unsettled() {
        lines.add("unsettled");
    }

    @Override
    public void linkReplaced(Path link, @Nullable Path formerTarget) {
        lines.add("replaced " + link + " of " + formerTarget);
    }

    @Override
    public void hintsLost(String message) {
        lines.add("lost " + message);
    }

    @Override
    public void hintsRestored() {
        lines.add("restored");
    }

    static String text(Candidate candidate) {
        return new String(candidate.bytes(), StandardCharsets.UTF_8);
    }

    List<String> lines() {
        return List.copyOf(lines);
    }

    /** Everything accepted, in order, as text. */
    List<String> texts() {
        return lines.stream()
                .filter(l -> l.startsWith("candidate "))
                .map(l -> l.substring("candidate ".length()))
                .toList();
    }

    Candidate last() {
        assertThat(candidates).isNotEmpty();
        return candidates.getLast();
    }
}
