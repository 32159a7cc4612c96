package mlxstack.pull;

import io.vavr.control.Either;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import mlxstack.pull.PullPlan.Step;
import mlxstack.pull.PullProblem.Kind;
import mlxstack.pull.PullProblem.Raised;
import org.jspecify.annotations.Nullable;

/**
 * Fetches models into the cache. Whatever ends it, what has come is kept and the next pull goes on from there; a model
 * counts as had only when every file of it is in place. Thread-safe.
 */
public final class Puller implements AutoCloseable {

    public static final String MAIN = "main";

    private final HubSettings settings;
    private final HubClient hub;
    private final Planning planning;
    private final Disk disk;
    private final Pause pause;
    private final Locks locks = new Locks();

    public Puller(HubSettings settings, Elsewhere elsewhere) {
        this(settings, elsewhere, Disk.REAL, Pause.REAL);
    }

    Puller(HubSettings settings, Elsewhere elsewhere, Disk disk, Pause pause) {
        this.settings = settings;
        this.hub = new HubClient(settings);
        this.planning = new Planning(settings, hub, elsewhere, disk);
        this.disk = disk;
        this.pause = pause;
    }

    /**
     * @param revision branch, tag or commit
     * @param force fetch even what is here; that stays in place until the new has come
     * @param jobs files at a time, at least 1
     */
    public record Request(String repo, String revision, Selection.Wanted wanted, boolean force, int jobs) {

        public static Request of(String repo) {
            return new Request(repo, MAIN, Selection.Wanted.USUAL, false, 4);
        }

        public Request wanting(Selection.Wanted other) {
            return new Request(repo, revision, other, force, jobs);
        }

        public Request at(String other) {
            return new Request(repo, other, wanted, force, jobs);
        }
    }

    /**
     * @param fetched bytes that came over the network
     * @param reused bytes that another program had
     * @param unasked why the hub was not asked; null when it was
     */
    public record Pulled(
            PullPlan plan,
            long fetched,
            long reused,
            @Nullable String unasked) {}

    /** What {@link #pull} would do. Left: why it would do nothing. */
    public Either<PullProblem, PullPlan> plan(Request request, PullWatch watch) throws InterruptedException {
        try {
            return Either.right(
                    planning.plan(request, new Patience(pause, watch)).plan());
        } catch (Raised e) {
            return Either.left(e.problem());
        }
    }

    /** @throws InterruptedException leaves what has come */
    public Either<PullProblem, Pulled> pull(Request request, PullWatch watch) throws InterruptedException {
        try {
            var made = planning.plan(request, new Patience(pause, watch));
            watch.begun(made.plan());
            return Either.right(
                    made.unasked() != null
                            ? new Pulled(made.plan(), 0, 0, made.unasked())
                            : carriedOut(made, request, watch));
        } catch (Raised e) {
            return Either.left(e.problem());
        } catch (IOException e) {
            return Either.left(new PullProblem(
                    Disk.isFull(e) ? Kind.SPACE : Kind.DISK,
                    "cannot write in %s: %s; what has come is kept".formatted(settings.cache(), e.getMessage())));
        }
    }

    private Pulled carriedOut(Planning.Made made, Request request, PullWatch watch)
            throws Raised, IOException, InterruptedException {
        var plan = made.plan();
        var folder = new CacheFolder(settings.cache(), plan.repo());
        planning.room(plan);
        folder.create();
        // What belongs to it is known from now on, should this be broken off.
        note(folder, made, Set.of());
        var counted = new Counted(watch);
        var contents = new HashSet<Checksum>();
        var work = new ArrayList<>(plan.steps());
        work.removeIf(step -> !contents.add(step.file().checksum()));
        // The longest first: it decides when all is done.
        work.sort(Comparator.comparingLong((Step s) -> s.file().size()).reversed());
        try (var threads = Executors.newFixedThreadPool(
                request.jobs(), Thread.ofVirtual().name("pull-", 0).factory())) {
            var results = new ExecutorCompletionService<Void>(threads);
            work.forEach(step -> results.submit(() -> {
                one(folder, plan, step, request.force(), counted);
                return null;
            }));
            try {
                for (int i = 0; i < work.size(); i++) {
                    results.take().get();
                }
            } catch (ExecutionException e) {
                threads.shutdownNow();
                throw raised(e.getCause() == null ? e : e.getCause());
            } catch (InterruptedException e) {
                threads.shutdownNow();
                throw e;
            }
        }
        for (var file : plan.chosen().files()) {
            point(folder, plan, file);
        }
        note(folder, made, Planning.paths(plan.chosen()));
        folder.record(plan.revision(), plan.commit());
        return new Pulled(plan, counted.fetched.get(), counted.reused.get(), null);
    }

    private void note(CacheFolder folder, Planning.Made made, Set<String> checked)
            throws IOException, InterruptedException {
        try (var _ = locks.take(folder.lock("mlxstack"), () -> {})) {
            new Manifest(made.listing(), made.plan().revision(), checked).write(folder);
        }
    }

    private static Raised raised(Throwable cause) throws IOException, InterruptedException {
        return switch (cause) {
            case Raised raised -> raised;
            case IOException e -> throw e;
            case InterruptedException e -> throw e;
            case RuntimeException e -> throw e;
            case Error e -> throw e;
            default -> throw new IllegalStateException(cause);
        };
    }

    private void one(CacheFolder folder, PullPlan plan, Step step, boolean force, Counted counted)
            throws Raised, IOException, InterruptedException {
        var file = step.file();
        var blob = folder.blob(file.checksum());
        if (step instanceof Step.Here) {
            point(folder, plan, file);
            counted.done(file);
            return;
        }
        try (var _ = locks.take(
                folder.lock(file.checksum().text()),
                () -> counted.note(file.path() + ": somebody else is fetching it; waiting"))) {
            boolean here = CacheFolder.size(blob) == file.size() && !Broken.is(folder, file.checksum());
            if (here && !force) {
                // Somebody else has fetched it meanwhile.
                counted.others(file.size());
            } else if (step instanceof Step.Elsewhere copy && new Adoption(folder, disk).adopt(copy, counted)) {
                counted.reused.addAndGet(file.size());
            } else {
                new BlobFetch(hub, folder, disk, counted, new Patience(pause, counted), plan.commit(), file).run();
            }
            Broken.mended(folder, file.checksum());
            point(folder, plan, file);
        }
        counted.done(file);
    }

    /** Where links cannot be made, the libraries keep the file itself in the snapshot. */
    private static void point(CacheFolder folder, PullPlan plan, RemoteFile file) throws IOException {
        if (CacheFolder.size(folder.blob(file.checksum())) == file.size()) {
            folder.point(plan.commit(), file);
        }
    }

    /** Adds up what came. */
    private static final class Counted implements PullWatch {

        private final PullWatch watch;
        private final AtomicLong fetched = new AtomicLong();
        private final AtomicLong reused = new AtomicLong();

        Counted(PullWatch watch) {
            this.watch = watch;
        }

        @Override
        public void bytes(long bytes) {
            watch.bytes(bytes);
        }

        @Override
        public void came(long bytes) {
            fetched.addAndGet(bytes);
            watch.came(bytes);
        }

        void others(long bytes) {
            watch.bytes(bytes);
        }

        @Override
        public void done(RemoteFile file) {
            watch.done(file);
        }

        @Override
        public void note(String line) {
            watch.note(line);
        }
    }

    @Override
    public void close() {
        hub.close();
    }
}
