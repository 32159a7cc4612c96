package mlxstack.daemon;

import io.vavr.collection.Seq;
import io.vavr.control.Either;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import mlxstack.api.ControlPlane;
import mlxstack.reconcile.Effect.EmitEvent;
import mlxstack.reconcile.Event;
import mlxstack.reconcile.Plan;
import mlxstack.reconcile.Revision;
import mlxstack.reconcile.Source;
import mlxstack.reconcile.Source.Standing;
import mlxstack.reconcile.State;
import mlxstack.source.Candidate;
import mlxstack.source.Harm;
import mlxstack.source.SourceWatcher;
import mlxstack.spec.Problem;
import mlxstack.spec.Stack;
import mlxstack.store.Revisions;
import org.jspecify.annotations.Nullable;

/**
 * From the bytes of the stack file to an accepted revision. Called on the watcher's thread and by whoever asks for a
 * plan; everything that changes is under one lock.
 */
final class StackIntake implements SourceWatcher.Listener {

    private final StackParser parser;
    private final Revisions revisions;
    private final Loop loop;
    private final Clock clock;
    private final Teller teller;
    /** As the user gave it. */
    private Path watched;
    /** Nobody misses it before there was one. */
    private final Path byDefault;

    /** What else has to be looked at because nothing tells of it. */
    private final Runnable polled;

    private @Nullable Candidate latest;

    /** The latest bytes are valid and could not be kept. */
    private boolean refused;

    StackIntake(
            StackParser parser,
            Revisions revisions,
            Loop loop,
            Clock clock,
            Teller teller,
            Path watched,
            Path byDefault,
            Runnable polled) {
        this.parser = parser;
        this.revisions = revisions;
        this.loop = loop;
        this.clock = clock;
        this.teller = teller;
        this.watched = watched;
        this.byDefault = byDefault;
        this.polled = polled;
    }

    synchronized void watch(Path path) {
        watched = path;
        latest = null;
    }

    synchronized Path watched() {
        return watched;
    }

    /** What accepting these bytes now would do to what runs. */
    Harm harm(byte[] bytes) {
        Path real;
        synchronized (this) {
            real = real(watched);
        }
        return parser.parse(bytes, real)
                .map(stack -> {
                    Plan plan = plan(stack);
                    return plan.harsh() ? Harm.HARSH : plan.changes().isEmpty() ? Harm.NONE : Harm.GENTLE;
                })
                .getOrElse(Harm.INVALID);
    }

    /** What accepting these bytes would do, or what is wrong with them, one line each. */
    Either<List<String>, Plan> plan(byte[] bytes, Path origin) {
        return parser.once(bytes, origin).map(this::plan).toEither().mapLeft(StackIntake::lines);
    }

    private Plan plan(Stack stack) {
        return Plan.of(loop.state(), new Revision(Long.MAX_VALUE, "", Instant.EPOCH, null, "", stack), clock.now());
    }

    static List<String> lines(Seq<Problem> problems) {
        return problems.map(Problem::toString).asJava();
    }

    static Path real(Path path) {
        try {
            return path.toRealPath();
        } catch (IOException e) {
            return path;
        }
    }

    @Override
    public synchronized void candidate(Candidate candidate) {
        latest = candidate;
        var parsed = parser.parse(candidate.bytes(), candidate.realPath());
        if (parsed.isInvalid()) {
            source(Standing.INVALID, candidate.digest(), lines(parsed.getError()));
            return;
        }
        Stack stack = parsed.get();
        // What waits for a person must wait after a restart too, so it is not kept before they said yes.
        boolean held = plan(stack).prune() != null;
        var revision = held ? propose(candidate, stack) : accept(candidate, stack);
        refused = revision.isLeft();
        if (revision.isLeft()) {
            // It would not be there after a restart: then the old one would run again, without anybody asking.
            source(Standing.INVALID, candidate.digest(), List.of(revision.getLeft()));
            return;
        }
        source(Standing.VALID, candidate.digest(), List.of());
        State state = loop.state();
        Revision before = state.revision();
        // The one in force again ends the wait of one that was held.
        if (before == null || before.number() != revision.get().number() || state.held() != null) {
            loop.offer(new Event.SpecAccepted(revision.get()));
        }
    }

    private Either<String, Revision> accept(Candidate c, Stack stack) {
        return revisions.accept(c.bytes(), clock.now().wall(), c.commit(), watched.toString(), stack);
    }

    private Either<String, Revision> propose(Candidate c, Stack stack) {
        return revisions.propose(c.bytes(), clock.now().wall(), c.commit(), watched.toString(), stack);
    }

    /** A person has said yes to what was held: it is kept. Left: why it cannot be. */
    synchronized Either<String, Revision> confirm(State.Held held) {
        Candidate c = latest;
        return c == null || !c.digest().equals(held.revision().digest())
                ? Either.left("the stack file has changed since")
                : accept(c, held.revision().stack());
    }

    @Override
    public synchronized void attributed(Candidate candidate) {
        latest = candidate;
        revisions.attribute(candidate.digest(), candidate.commit()).forEach(r -> loop.offer(new Event.SpecAccepted(r)));
    }

    /** Once more with the bytes there were, when files they refer to have changed or they could not be kept. */
    @Override
    public synchronized void polled() {
        polled.run();
        if (latest != null && (refused || parser.isStale())) {
            candidate(latest);
        }
    }

    @Override
    public synchronized void missing(String reason) {
        latest = null;
        boolean never = watched.equals(byDefault) && loop.state().revision() == null;
        source(never ? Standing.NOT_SET : Standing.MISSING, null, List.of(reason));
    }

    @Override
    public void unsettled() {
        source(Standing.UNSETTLED, null, List.of());
    }

    private void source(Standing standing, @Nullable String digest, List<String> problems) {
        loop.offer(new Event.SourceChanged(new Source(standing, watched().toString(), digest, problems)));
    }

    @Override
    public void linkReplaced(Path link, @Nullable Path formerTarget) {
        teller.tell(
                EmitEvent.Type.WARNING,
                "LinkReplaced",
                "%s is a file of its own now%s"
                        .formatted(
                                link,
                                formerTarget == null
                                        ? ""
                                        : "; it was a link to " + formerTarget + ", which is not followed any longer"));
    }

    @Override
    public void hintsLost(String message) {
        teller.tell(
                EmitEvent.Type.WARNING, "WatchDegraded", "changes are seen within 2 s instead of at once: " + message);
    }

    @Override
    public void hintsRestored() {
        teller.tell(EmitEvent.Type.NORMAL, "WatchRestored", "changes are seen at once again");
    }

    /** Left: why there are no bytes. */
    static Either<List<String>, byte[]> read(Path file) {
        try {
            return Either.right(Files.readAllBytes(file));
        } catch (NoSuchFileException e) {
            return Either.left(List.of("there is no file at " + file));
        } catch (IOException e) {
            return Either.left(List.of("cannot read " + file + ": " + StackDocument.reason(e)));
        }
    }

    /** What accepting the document, or the watched file as it is now, would do. */
    Either<List<String>, Plan> plan(ControlPlane.@Nullable Document document) {
        Path file = watched();
        return document == null
                ? read(file).flatMap(bytes -> plan(bytes, real(file)))
                : plan(document, StackDocument.place(document, real(file)));
    }

    /** Relative paths in it start beside the watched file; messages name the file that the client read. */
    private Either<List<String>, Plan> plan(ControlPlane.Document document, Path place) {
        String shown = document.origin().equals("-") ? "<stdin>" : document.origin();
        return plan(StackDocument.bytes(document), place)
                .mapLeft(lines -> lines.stream()
                        .map(l -> l.startsWith(place + ":")
                                ? shown + l.substring(place.toString().length())
                                : l)
                        .toList());
    }

    /** Puts a valid document into the watched file. Left: why not; then nothing was written. */
    Either<List<String>, Path> write(ControlPlane.Document document) {
        Path file = real(watched());
        return plan(document, StackDocument.place(document, file)).flatMap(_ -> StackDocument.write(document, file));
    }
}
