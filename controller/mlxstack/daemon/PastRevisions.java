package mlxstack.daemon;

import io.vavr.control.Validation;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import mlxstack.reconcile.Revision;
import mlxstack.store.Revisions;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What was accepted before, understood by this build. Any thread: nothing changes here. */
final class PastRevisions {

    private static final Logger LOG = LoggerFactory.getLogger(PastRevisions.class);

    private final StackParser parser;
    private final Revisions revisions;
    private final Clock clock;

    PastRevisions(StackParser parser, Revisions revisions, Clock clock) {
        this.parser = parser;
        this.revisions = revisions;
        this.clock = clock;
    }

    /** Accepted ones, oldest first, as they are understood now; those that are not any more are left out. */
    List<Revision> accepted() {
        try {
            var all = new ArrayList<Revision>();
            for (Revisions.Meta meta : revisions.list()) {
                revisions
                        .bytes(meta.number())
                        .map(bytes -> parser.once(bytes, StackIntake.real(Path.of(meta.path()))))
                        .filter(Validation::isValid)
                        .map(parsed -> new Revision(
                                meta.number(), meta.digest(), meta.at(), meta.commit(), meta.path(), parsed.get()))
                        .forEach(all::add);
            }
            return all;
        } catch (IOException e) {
            LOG.warn("the accepted revisions cannot be read: {}", e.toString());
            return List.of();
        }
    }

    /**
     * The latest accepted one. Parsed again when another build understood it. When there is none, what the file says
     * now, if it speaks of everything that is known to run: without a record of its own that could not be taken up by
     * a revision that comes later. Null when that does not help either.
     *
     * @param running names
     * @param watched as the user gave it
     * @throws IOException when the directory cannot be read
     */
    @Nullable
    Revision restored(Set<String> running, Path watched) throws IOException {
        Revision kept = kept();
        if (kept != null || running.isEmpty()) {
            return kept;
        }
        LOG.warn("no accepted revision can be read; {} is looked at", watched);
        Path real = StackIntake.real(watched);
        return StackIntake.read(watched)
                .flatMap(bytes -> parser.parse(bytes, real)
                        .toEither()
                        .mapLeft(StackIntake::lines)
                        .filterOrElse(stack -> stack.names().containsAll(running), _ -> List.of())
                        .flatMap(stack -> revisions
                                .accept(bytes, clock.now().wall(), null, watched.toString(), stack)
                                .mapLeft(List::of)))
                .getOrNull();
    }

    private @Nullable Revision kept() throws IOException {
        Revision known = revisions.accepted().getOrNull();
        Revisions.Meta latest = known == null ? revisions.latest().getOrNull() : null;
        if (latest == null) {
            return known;
        }
        for (byte[] bytes : revisions.bytes(latest.number())) {
            var parsed = parser.once(bytes, StackIntake.real(Path.of(latest.path())));
            if (parsed.isValid()) {
                revisions.understood(latest, parsed.get());
                return revisions.accepted().getOrNull();
            }
            LOG.error(
                    "the accepted revision {} is not valid for this version: {}",
                    latest.number(),
                    StackIntake.lines(parsed.getError()));
        }
        return null;
    }
}
