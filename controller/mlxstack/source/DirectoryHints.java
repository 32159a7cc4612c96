package mlxstack.source;

import io.methvin.watcher.DirectoryChangeEvent;
import io.methvin.watcher.DirectoryChangeListener;
import io.methvin.watcher.DirectoryWatcher;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hints from io.methvin's directory-watcher 0.19.1, held to what it does well.
 *
 * <ul>
 *   <li>Left alone it registers whole trees: 50,250 directories below one took 3.9 s, 25 MB of heap and a quarter of the
 *       user's inotify watches. Its {@code FileTreeVisitor} decides what is registered, and ours names the wanted
 *       directories only: 1.4 ms for the same one. So {@code $HOME} may lie on the way.
 *   <li>Hashing, which reads every file an event names, is off: we compare content ourselves.
 *   <li>An overflow arrives as a {@code NullPointerException} at {@code onException}: both mean "look again".
 *   <li>It ends without a word once its last directory is gone; its future then completes, which we report.
 *   <li>Events for names nobody asked about end here and wake nobody, however many there are.
 *   <li>macOS: one FSEvents stream a directory, always for the whole tree below, half a second late. The directories
 *       above the way's own, and the home directory and what is above it, are therefore left to polling there.
 * </ul>
 *
 * <p>Owned by the watcher's thread; one thread more belongs to the library's loop and one to the JDK's inotify.
 */
public final class DirectoryHints implements Hints {
    private static final Logger LOG = LoggerFactory.getLogger(DirectoryHints.class);

    private final Ear ear;
    private final boolean wholeTrees;
    private final Path home;
    private @Nullable Watch current;

    private DirectoryHints(Ear ear, boolean wholeTrees, Path home) {
        this.ear = ear;
        this.wholeTrees = wholeTrees;
        this.home = home;
    }

    /** For the operating system we run on. */
    public static Hints.Factory factory() {
        boolean mac = System.getProperty("os.name", "").toLowerCase(Locale.ROOT).contains("mac");
        return factory(mac, Path.of(System.getProperty("user.home", "/")));
    }

    /** @param wholeTrees whether watching a directory means watching all below it */
    static Hints.Factory factory(boolean wholeTrees, Path home) {
        return ear -> new DirectoryHints(ear, wholeTrees, home);
    }

    @Override
    public void watch(List<LinkChain.Spot> spots) throws IOException {
        close();
        Map<Path, Set<String>> wanted = new HashMap<>();
        for (LinkChain.Spot spot : spots) {
            // One level above is a convenience; a directory that may be passed through but not listed cannot be
            // watched.
            boolean optional = spot.above() && !Files.isReadable(spot.directory());
            if (!optional && affordable(spot)) {
                wanted.put(
                        spot.directory(),
                        spot.names().stream().map(DirectoryHints::fold).collect(Collectors.toUnmodifiableSet()));
            }
        }
        if (!wanted.isEmpty()) {
            current = new Watch(ear, wanted);
        }
    }

    private boolean affordable(LinkChain.Spot spot) {
        return !wholeTrees || (!spot.above() && !home.startsWith(spot.directory()));
    }

    @Override
    public void close() {
        if (current != null) {
            current.close();
            current = null;
        }
    }

    /** Some file systems fold case, so that an event may name a file otherwise than we do. */
    private static String fold(String name) {
        return name.toLowerCase(Locale.ROOT);
    }

    /** One set of watched directories, from its registration to its end. */
    private static final class Watch implements DirectoryChangeListener {
        private final Ear ear;
        private final Map<Path, Set<String>> wanted;
        private final DirectoryWatcher watcher;
        private volatile boolean closed;

        Watch(Ear ear, Map<Path, Set<String>> wanted) throws IOException {
            this.ear = ear;
            this.wanted = Map.copyOf(wanted);
            this.watcher = DirectoryWatcher.builder()
                    .paths(List.copyOf(wanted.keySet()))
                    .fileHashing(false)
                    .fileTreeVisitor((start, onDirectory, onFile) -> {
                        if (this.wanted.containsKey(start)) {
                            onDirectory.call(start);
                        }
                    })
                    .listener(this)
                    .build();
            CompletableFuture<Void> end = watcher.watchAsync(
                    loop -> Thread.ofPlatform().daemon().name("source-hints").start(() -> {
                        loop.run();
                        ended();
                    }));
            if (end.isCompletedExceptionally()) {
                close();
                throw cause(end.exceptionNow());
            }
        }

        private static IOException cause(Throwable error) {
            return error instanceof UncheckedIOException unchecked && unchecked.getCause() != null
                    ? unchecked.getCause()
                    : new IOException(error.toString(), error);
        }

        private void ended() {
            if (!closed) {
                ear.lost("the watch of " + wanted.keySet() + " has ended by itself");
            }
        }

        @Override
        public void onEvent(DirectoryChangeEvent event) {
            Path path = event.path();
            if (closed) {
                return;
            }
            if (path == null || wanted.containsKey(path)) {
                ear.doubtful();
                return;
            }
            Path name = path.getFileName();
            Set<String> names = path.getParent() == null ? null : wanted.get(path.getParent());
            if (name != null && names != null && names.contains(fold(name.toString()))) {
                ear.changed();
            }
        }

        @Override
        public void onException(Exception e) {
            if (!closed) {
                LOG.debug("hints: events lost", e);
                ear.doubtful();
            }
        }

        void close() {
            closed = true;
            try {
                watcher.close();
            } catch (IOException e) {
                LOG.debug("hints: closing", e);
            }
        }
    }
}
