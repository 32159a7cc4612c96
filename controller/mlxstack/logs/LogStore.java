package mlxstack.logs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import mlxstack.logs.LogEvents.Reason;
import mlxstack.spec.LogPolicy;
import mlxstack.spec.Workload;
import org.jspecify.annotations.Nullable;

/**
 * Keeps what the children write, each launch in a file of its own. Methods may be called from any thread; one thread of
 * the store's own rotates, thins out and watches. Nothing here can block or end a child, and a death of this process
 * loses nothing: the next one takes up with {@link #resume}.
 */
public final class LogStore implements AutoCloseable {

    private static final LogPolicy DEFAULT = new LogPolicy(50L << 20, 5);

    private final Path logs;
    private final Holes holes;
    private final InstantSource wall;
    private final LogEvents events;
    private final Map<LogKey, LiveLog> live = new ConcurrentHashMap<>();
    private final Map<String, LogPolicy> limits = new ConcurrentHashMap<>();
    private final Caretaker caretaker;

    /**
     * @param logs directory, made where missing
     * @param holes {@link Holes#by}
     * @param events called on the store's thread
     */
    public LogStore(Path logs, Holes holes, InstantSource wall, LogEvents events) {
        this(logs, holes, Disk.of(logs), wall, events, Pace.DEFAULT);
    }

    LogStore(Path logs, Holes holes, Disk disk, InstantSource wall, LogEvents events, Pace pace) {
        this.logs = logs;
        this.holes = holes;
        this.wall = wall;
        this.events = events;
        caretaker = new Caretaker(logs, holes, disk, wall, events, pace, this::limits, live::remove);
    }

    /**
     * Makes the file of a new launch, mode 0600, and looks after it until {@link #ended}. Where that fails it is told as
     * an event, and the start that needs the file fails of the same reason.
     *
     * @return absolute if the store's directory is; only ever to be appended to
     */
    public Path open(String name, long launch, Workload workload) {
        return open(name, launch, workload.policy().logs());
    }

    Path open(String name, long launch, LogPolicy policy) {
        limits(name, policy);
        var shelf = shelf(name);
        try {
            PrivateFile.directory(shelf.dir());
            tend(shelf, name, launch);
            link(shelf, name, launch);
        } catch (IOException e) {
            failed(name, "cannot make the log of launch " + launch + ": " + e);
        }
        return shelf.file(launch);
    }

    /** Takes up the log of a launch that an earlier daemon started and that is still running. */
    public void resume(String name, long launch, Workload workload) {
        resume(name, launch, workload.policy().logs());
    }

    void resume(String name, long launch, LogPolicy policy) {
        limits(name, policy);
        var shelf = shelf(name);
        try {
            PrivateFile.directory(shelf.dir());
            boolean there = Files.exists(shelf.file(launch));
            tend(shelf, name, launch);
            if (!there) {
                events.happened(
                        name,
                        Reason.LogFileRemoved,
                        shelf.file(launch) + " was removed while no daemon ran; what launch " + launch
                                + " goes on writing there cannot be read. Restart it to get its log back");
            }
        } catch (IOException e) {
            failed(name, "cannot take up the log of launch " + launch + ": " + e);
        }
    }

    private void tend(Shelf shelf, String name, long launch) throws IOException {
        var key = new LogKey(name, launch);
        if (live.containsKey(key)) {
            // Another attempt at the same launch; its end may be on the way to the caretaker.
            caretaker.tend(key, () -> take(shelf, key));
        } else {
            var log = take(shelf, key);
            caretaker.tend(key, () -> log);
        }
    }

    private LiveLog take(Shelf shelf, LogKey key) throws IOException {
        var log = LiveLog.open(holes, shelf, key.name(), key.launch());
        live.put(key, log);
        return log;
    }

    private void failed(String name, String message) {
        events.happened(name, Reason.LogRotationFailed, message);
    }

    /** Makes {@code NAME.log} lead to the launch. A file that is no link is somebody's own and stays. */
    private void link(Shelf shelf, String name, long launch) throws IOException {
        Path link = logs.resolve(name + ".log");
        if (Files.exists(link, java.nio.file.LinkOption.NOFOLLOW_LINKS) && !Files.isSymbolicLink(link)) {
            return;
        }
        Path fresh = logs.resolve("." + name + ".link");
        Files.deleteIfExists(fresh);
        Files.createSymbolicLink(fresh, logs.relativize(shelf.file(launch)));
        Files.move(fresh, link, StandardCopyOption.ATOMIC_MOVE);
    }

    /** The launch is over: nothing more is written to its file. Repeating it is harmless. */
    public void ended(String name, long launch) {
        caretaker.ended(new LogKey(name, launch));
    }

    /** Forgets a name and deletes its logs; waits until that is done. */
    public void forget(String name) {
        caretaker.forget(name);
        limits.remove(name);
    }

    /** From now on; {@link #open} and {@link #resume} do so too. */
    public void limits(String name, LogPolicy policy) {
        limits.put(name, policy);
    }

    private LogPolicy limits(String name) {
        return limits.getOrDefault(name, DEFAULT);
    }

    /** The launch that began a streak of failures: its end is kept however many follow. */
    public void streakBegan(String name, long launch) {
        caretaker.keep(shelf(name), launch);
    }

    /**
     * Looks for the first line that a launch wrote, or will write, in which {@code pattern} is found. Lines beyond 64 KiB
     * are searched in pieces.
     *
     * @param from byte offset in what that launch has written since it began, in segments rotated away too; 0 is all
     * @param found called at most once, on the store's thread, with that line; must not wait
     * @return ends the watch; repeating it is harmless
     */
    public Watch watchLines(String name, long launch, Pattern pattern, long from, Consumer<String> found) {
        var key = new LogKey(name, launch);
        var watch = new LineWatch(pattern, found, new LaunchStream(shelf(name), launch, live.get(key), from));
        caretaker.watch(key, watch);
        return watch::close;
    }

    /** A search for a line. */
    public interface Watch extends AutoCloseable {
        @Override
        void close();
    }

    Shelf shelf(String name) {
        return Shelf.of(logs, name);
    }

    /** Null for a launch that is over, or of which nothing is known. */
    @Nullable
    LiveLog live(String name, long launch) {
        return live.get(new LogKey(name, launch));
    }

    InstantSource wall() {
        return wall;
    }

    /** Waits until the store's thread has done what it was asked before, and has looked at every log since. */
    void settle() {
        caretaker.settle();
    }

    /** Lets go of everything. Children write on, and nothing is lost. */
    @Override
    public void close() {
        caretaker.close();
    }
}
