package mlxstack.pull;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import mlxstack.pull.PullPlan.Step;
import mlxstack.pull.PullProblem.Kind;
import mlxstack.pull.PullProblem.Raised;
import org.jspecify.annotations.Nullable;

/** Finds out what a pull has to do, and changes nothing. Stateless but for the hub's connections. */
final class Planning {

    private final HubSettings settings;
    private final HubClient hub;
    private final Elsewhere elsewhere;
    private final Disk disk;

    Planning(HubSettings settings, HubClient hub, Elsewhere elsewhere, Disk disk) {
        this.settings = settings;
        this.hub = hub;
        this.elsewhere = elsewhere;
        this.disk = disk;
    }

    /** A plan, and whether the hub was asked: else it is about what is known here. */
    record Made(PullPlan plan, Listing listing, @Nullable String unasked) {}

    Made plan(Puller.Request request, Patience patience) throws Raised, InterruptedException {
        var folder = new CacheFolder(settings.cache(), request.repo());
        if (settings.offline()) {
            return offline(request, folder, "HF_HUB_OFFLINE is set");
        }
        Listing listing;
        try {
            listing = hub.listing(request.repo(), request.revision(), patience);
        } catch (Raised e) {
            if (e.problem().kind() != Kind.NETWORK || request.force()) {
                throw e;
            }
            try {
                return offline(request, folder, e.problem().message());
            } catch (Raised _) {
                throw e;
            }
        }
        return new Made(of(request, folder, listing, patience), listing, null);
    }

    private PullPlan of(Puller.Request request, CacheFolder folder, Listing listing, Patience patience)
            throws Raised, InterruptedException {
        var chosen = chosen(listing, request);
        var files = new ArrayList<RemoteFile>();
        for (var file : chosen.files()) {
            boolean known = file.size() >= 0 && !file.checksum().text().isEmpty();
            files.add(known ? file : hub.described(listing.repo(), listing.commit(), file, patience));
        }
        var steps = new ArrayList<Step>();
        var seen = new HashSet<Checksum>();
        for (var file : files) {
            if (!file.harmless()) {
                throw new Raised(
                        Kind.CONTENT, "%s lists a file with an impossible name: %s".formatted(listing.repo(), file));
            }
            steps.add(step(folder, listing, file, request.force(), seen.add(file.checksum())));
        }
        return new PullPlan(
                listing.repo(),
                request.revision(),
                listing.commit(),
                new Selection.Chosen(chosen.format(), chosen.quant(), files, chosen.entry()),
                steps,
                folder.snapshot(listing.commit()));
    }

    private static Selection.Chosen chosen(Listing listing, Puller.Request request) throws Raised {
        var chosen = Selection.of(listing, request.wanted());
        if (chosen.isLeft()) {
            throw new Raised(chosen.getLeft());
        }
        return chosen.get();
    }

    /** @param first false for a second name of the same content */
    private Step step(CacheFolder folder, Listing listing, RemoteFile file, boolean force, boolean first) {
        boolean here = (CacheFolder.size(folder.blob(file.checksum())) == file.size()
                        || folder.held(listing.commit(), file) == file.size())
                && !Broken.is(folder, file.checksum());
        if (!first || (here && !force)) {
            return new Step.Here(file);
        }
        long partial = Math.max(0, CacheFolder.size(folder.partial(file.checksum())));
        var copy = force || partial > file.size() / 2 ? null : elsewhere.find(listing.repo(), file);
        return copy == null
                ? new Step.Fetch(file, force || partial > file.size() ? 0 : partial)
                : new Step.Elsewhere(file, copy.path(), copy.source());
    }

    /** From what is known here. Raised when that is not all of it. */
    private static Made offline(Puller.Request request, CacheFolder folder, String why) throws Raised {
        String commit = folder.commit(request.revision());
        if (commit == null) {
            throw new Raised(
                    Kind.OFFLINE,
                    "%s%s is not in %s, and the hub is not asked: %s"
                            .formatted(
                                    request.repo(),
                                    request.revision().equals(Puller.MAIN) ? "" : "@" + request.revision(),
                                    folder.cache(),
                                    why));
        }
        var listing = Snapshots.listing(folder, commit);
        var chosen = chosen(listing, request);
        var gaps = Snapshots.gaps(folder, commit, chosen);
        if (!gaps.isEmpty()) {
            throw new Raised(
                    Kind.OFFLINE,
                    "%s is in %s, but not all of it: %s missing; and the hub is not asked: %s"
                            .formatted(request.repo(), folder.cache(), few(gaps), why));
        }
        List<Step> steps = chosen.files().stream().<Step>map(Step.Here::new).toList();
        return new Made(
                new PullPlan(request.repo(), request.revision(), commit, chosen, steps, folder.snapshot(commit)),
                listing,
                why);
    }

    static String few(List<String> names) {
        return names.size() <= 3
                ? String.join(", ", names)
                : String.join(", ", names.subList(0, 3)) + " and " + (names.size() - 3) + " more";
    }

    /** Refuses what will not fit; files in the cache and copies by link take nothing. */
    void room(PullPlan plan) throws Raised {
        long needed = plan.missing();
        long free;
        try {
            free = disk.free(settings.cache());
        } catch (IOException e) {
            return;
        }
        if (needed > free) {
            throw new Raised(
                    Kind.SPACE,
                    "%s needs %s more and %s has %s free; nothing was fetched. Make %s of room (models rm removes models), or keep models on another disk: HF_HUB_CACHE"
                            .formatted(
                                    plan.repo(),
                                    Sizes.text(needed),
                                    settings.cache(),
                                    Sizes.text(free),
                                    Sizes.text(needed - free)));
        }
    }

    static Set<String> paths(Selection.Chosen chosen) {
        var paths = new HashSet<String>();
        chosen.files().forEach(file -> paths.add(file.path()));
        return paths;
    }
}
