package mlxstack.logs;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import mlxstack.logs.LogEvents.Reason;
import mlxstack.logs.Shelf.Launch;
import mlxstack.logs.Shelf.Segment;
import org.jspecify.annotations.Nullable;

/**
 * Frees the disk when it is nearly full: the oldest segments of all names first, then what running processes wrote,
 * uncopied, but for the last of it. Confined to the store's thread.
 */
final class Scarcity {

    static final long LEAST_FREE = 1L << 30;
    private static final long LEAST_SHARE = 50; // a fiftieth: 2 %

    private record Old(Launch launch, Segment segment, long written) {}

    private final Path logs;
    private final Disk disk;
    private final InstantSource wall;
    private final LogEvents events;
    private final Rotation rotation;
    private @Nullable Instant since;
    private long lost;

    Scarcity(Path logs, Disk disk, InstantSource wall, LogEvents events, Rotation rotation) {
        this.logs = logs;
        this.disk = disk;
        this.wall = wall;
        this.events = events;
        this.rotation = rotation;
    }

    /** Whether it was so at the last {@link #check}. */
    boolean isLow() {
        return since != null;
    }

    private long missing() {
        return Math.max(LEAST_FREE, disk.total() / LEAST_SHARE) - disk.free();
    }

    void check(Collection<LiveLog> lives) throws IOException {
        long missing = missing();
        var began = since;
        if (missing <= 0) {
            if (began != null) {
                events.happened(
                        null,
                        Reason.DiskFull,
                        "the disk of " + logs + " has room again; it was short from " + began + " to " + wall.instant()
                                + ", " + lost + " bytes of logs were not kept");
                since = null;
                lost = 0;
            }
            return;
        }
        if (began == null) {
            since = wall.instant();
            events.happened(
                    null,
                    Reason.DiskFull,
                    "only " + disk.free() + " bytes are free on the disk of " + logs + ", " + missing
                            + " fewer than needed; the oldest logs are removed, free some space");
        }
        removeOldest();
        for (LiveLog live : lives) {
            if (missing() > 0) {
                giveUp(live);
            }
        }
    }

    private void removeOldest() throws IOException {
        var found = new ArrayList<Old>();
        var names = logs.toFile().list();
        for (String name : names == null ? new String[0] : names) {
            for (Launch launch : Shelf.of(logs, name).launches().values()) {
                for (Segment segment : launch.segments()) {
                    if (segment.size() > 0) {
                        found.add(new Old(launch, segment, segment.written()));
                    }
                }
            }
        }
        found.sort(Comparator.comparingLong(Old::written)
                .thenComparingLong(old -> old.segment().from()));
        for (Old old : found) {
            if (missing() <= 0) {
                return;
            }
            Shelf.giveUp(old.launch(), old.segment());
        }
    }

    /** Lets all go that a live log can spare. */
    private void giveUp(LiveLog live) throws IOException {
        lost += giveUp(live, live.size() - Rotation.TAIL, "the disk of " + logs + " is full");
    }

    /** Lets what is below {@code to} go uncopied, and says so. Returns how many bytes that were. */
    long giveUp(LiveLog live, long to, String why) throws IOException {
        long from = live.base();
        long bytes = rotation.giveUp(live, to);
        if (bytes > 0) {
            events.happened(
                    live.name,
                    Reason.LogBytesLost,
                    bytes + " bytes of launch " + live.launch + " (" + from + " to " + (from + bytes)
                            + ") were given up because " + why);
        }
        return bytes;
    }
}
