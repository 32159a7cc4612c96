package mlxstack.source;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.util.List;
import mlxstack.source.SourceWatcher.Listener;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the hints on the directories that matter now, and says when there are none. Confined to the watcher's thread.
 *
 * <p>A directory that was replaced is known by its identity. One that was deleted and made anew at once may get the same
 * identity, so the hints' own doubt counts too; but noise makes doubt as well, so that is followed only now and then.
 */
final class Arming {
    private static final Duration MAX_DELAY = Duration.ofMinutes(1);

    private final Hints hints;
    private final Listener listener;
    private final long poll;
    private List<Look.Place> places = List.of();
    private boolean armed;
    private boolean doubtful;
    private @Nullable String lost;
    private boolean told;
    private int failures;
    private long since;
    private long notBefore = Long.MIN_VALUE;

    Arming(Hints hints, Listener listener, Duration poll) {
        this.hints = hints;
        this.listener = listener;
        this.poll = poll.toNanos();
    }

    void doubt() {
        doubtful = true;
    }

    void lost(String message) {
        armed = false;
        lost = message;
    }

    /** Whether another look would change nothing about the hints. */
    boolean isContent() {
        return armed && !doubtful;
    }

    /** @return whether another look is needed, since something may have changed between the last one and now */
    boolean arm(long now, List<Look.Place> wanted) {
        if (lost != null) {
            // Its directories went: it has nothing to watch, which is no fault of its own.
            boolean explained = !wanted.equals(places) && now - since > poll;
            String message = lost;
            lost = null;
            if (!explained) {
                failed(now, message);
            }
        }
        boolean stale = !armed || !wanted.equals(places) || (doubtful && now - since > poll);
        return stale && now >= notBefore && watch(now, wanted);
    }

    private boolean watch(long now, List<Look.Place> wanted) {
        try {
            hints.watch(wanted.stream().map(Look.Place::spot).toList());
        } catch (NoSuchFileException e) {
            armed = false;
            return true;
        } catch (IOException | RuntimeException | LinkageError e) {
            armed = false;
            failed(now, e.getMessage() == null ? e.toString() : e.getMessage());
            return false;
        }
        armed = true;
        doubtful = false;
        places = wanted;
        since = now;
        if (told) {
            told = false;
            listener.hintsRestored();
        }
        return true;
    }

    private void failed(long now, String message) {
        if (now - since > MAX_DELAY.toNanos()) {
            failures = 0;
        }
        notBefore = now + Math.min(poll << Math.min(failures, 5), MAX_DELAY.toNanos());
        failures++;
        if (!told) {
            told = true;
            listener.hintsLost(message + "; the file is still read every "
                    + Duration.ofNanos(poll).toMillis() + " ms");
        }
    }

    void close() {
        hints.close();
    }
}
