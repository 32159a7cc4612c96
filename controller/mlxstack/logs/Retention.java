package mlxstack.logs;

import java.io.IOException;
import java.util.NavigableMap;
import java.util.Set;
import mlxstack.logs.Shelf.Launch;
import mlxstack.logs.Shelf.Segment;
import mlxstack.spec.LogPolicy;
import org.jspecify.annotations.Nullable;

/**
 * Keeps what a name's logs take within its limits, oldest first. The current launch, the one before and the one that
 * began the latest streak of failures keep their ends: a crash loop must not evict the crash that matters. Confined to
 * the store's thread.
 */
final class Retention {

    /** What a launch that matters keeps at least. */
    static final long KEPT = 64 * 1024;

    /** Launches that wrote next to nothing take no room, but a directory entry each. */
    private static final int LAUNCHES = 256;

    private final Holes holes;

    Retention(Holes holes) {
        this.holes = holes;
    }

    /** Finds the live log of a launch; null for one that has ended. */
    interface Lives {
        @Nullable
        LiveLog of(long launch);
    }

    void apply(Shelf shelf, LogPolicy limits, Lives lives) throws IOException {
        var launches = shelf.launches();
        if (launches.isEmpty()) {
            return;
        }
        var matter = thoseThatMatter(shelf, launches);
        long excess = -limits.maxSize() * limits.maxFiles();
        for (Launch launch : launches.values()) {
            excess += taken(shelf, launch, lives.of(launch.number()));
        }
        int surplus = launches.size() - LAUNCHES;
        for (Launch launch : launches.values()) {
            var live = lives.of(launch.number());
            boolean matters = live != null || matter.contains(launch.number());
            if (!matters && surplus > 0) {
                excess -= taken(shelf, launch, null);
                shelf.delete(launch);
                surplus--;
                continue;
            }
            excess = thin(shelf, launch, live, matters, excess);
        }
    }

    private static Set<Long> thoseThatMatter(Shelf shelf, NavigableMap<Long, Launch> launches) throws IOException {
        var matter = new java.util.HashSet<Long>();
        matter.add(launches.lastKey());
        var previous = launches.lowerKey(launches.lastKey());
        if (previous != null) {
            matter.add(previous);
        }
        matter.add(shelf.readKept());
        return matter;
    }

    private static long taken(Shelf shelf, Launch launch, @Nullable LiveLog live) throws IOException {
        long taken = blocks(live != null ? live.size() - live.base() : shelf.room(launch));
        for (Segment segment : launch.segments()) {
            taken += blocks(segment.size());
        }
        return taken + blocks(shelf.times(launch.number()).toFile().length());
    }

    private static long blocks(long bytes) {
        return Math.ceilDiv(bytes, Rotation.BLOCK) * Rotation.BLOCK;
    }

    /** What is left of {@code excess} when this launch has given what it can. */
    private long thin(Shelf shelf, Launch launch, @Nullable LiveLog live, boolean matters, long excess)
            throws IOException {
        long left = excess;
        long end = launch.base() + (live != null ? live.size() - live.base() : shelf.room(launch));
        for (Segment segment : launch.segments()) {
            long size = segment.size();
            boolean empty = size == 0 && !segment.equals(launch.segments().getLast());
            if (empty || (left > 0 && size > 0 && !(matters && end - segment.to() < KEPT))) {
                Shelf.giveUp(launch, segment);
                left -= blocks(size);
            }
        }
        if (left <= 0 || live != null) {
            return left;
        }
        long room = shelf.room(launch);
        if (!matters) {
            shelf.delete(launch);
            return left
                    - blocks(room)
                    - blocks(shelf.times(launch.number()).toFile().length());
        }
        return left - shorten(shelf, launch, room, left);
    }

    /** Takes {@code excess} from the head of a launch that is over, or all but its end. */
    private long shorten(Shelf shelf, Launch launch, long room, long excess) throws IOException {
        if (room < KEPT + Rotation.BLOCK) {
            return 0;
        }
        try (var hole = holes.open(shelf.file(launch.number()))) {
            long shift = shelf.readShift(launch.number());
            long from = LiveLog.floor(launch.base() - shift);
            long to = LiveLog.floor(launch.base() - shift + room - KEPT);
            to = Math.min(to, from + blocks(excess));
            Rotation.mark(shelf, launch, shift + to);
            return hole.punch(from, to - from) ? to - from : 0;
        }
    }
}
