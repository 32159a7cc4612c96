package mlxstack.source;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Everything one look at the path found: the chain resolved anew, its file read once, its directories told apart from
 * others of the same name. May block for as long as the file system likes, so it is taken off the watcher's thread.
 *
 * @param began before the first system call, in the watcher's nanoseconds
 * @param ended after the file was read
 * @param content null when there is none, for {@code problem}
 * @param places what is to be watched for hints
 * @param head fingerprint of {@code HEAD} around the real path; null outside a work tree
 * @param stamp of all this depends on, taken before any of it was read
 */
record Look(
        long began,
        long ended,
        LinkChain chain,
        @Nullable Content content,
        @Nullable String problem,
        List<Place> places,
        @Nullable String head,
        Stamp stamp) {

    /** Far beyond any stack; the file is read whole, again and again. */
    static final int MAX_BYTES = 4 << 20;

    Look {
        places = List.copyOf(places);
    }

    /** A directory as it was: one that is replaced keeps its name and changes its identity. */
    record Place(LinkChain.Spot spot, String identity) {}

    static Look at(Path path, LongSupplier clock) {
        long began = clock.getAsLong();
        try {
            return at(path, clock, began);
        } catch (RuntimeException e) {
            // Names no Path can hold, or worse: whatever it is, it is not the file's content.
            var chain = new LinkChain(path, List.of(), null, "cannot look at %s: %s".formatted(path, e), List.of());
            return new Look(
                    began, clock.getAsLong(), chain, null, chain.problem(), List.of(), null, Stamp.of(List.of(path)));
        }
    }

    private static Look at(Path path, LongSupplier clock, long began) {
        Stamp stamp = Stamp.of(List.of(path));
        LinkChain chain = LinkChain.of(path);
        Path real = chain.real();
        String problem = chain.problem();
        Content content = null;
        if (real != null) {
            try {
                content = read(real);
                problem = content == null
                        ? "%s is larger than %d MiB; expected a stack of a few kilobytes"
                                .formatted(real, MAX_BYTES >> 20)
                        : content.isEmpty() ? real + " is empty" : null;
            } catch (IOException e) {
                problem = "cannot read %s: %s; check its permissions".formatted(real, e);
            }
        }
        long ended = clock.getAsLong();
        if (real == null || problem != null) {
            return new Look(began, ended, chain, null, problem, places(chain), null, stamp);
        }
        WorkTree tree = WorkTree.around(real);
        if (tree == null) {
            return new Look(began, ended, chain, content, null, places(chain), null, stamp);
        }
        Stamp both = stamp.and(Stamp.of(tree.movesWithHead()));
        return new Look(began, ended, chain, content, null, places(chain), tree.fingerprint(), both);
    }

    private static @Nullable Content read(Path real) throws IOException {
        try (InputStream in = Files.newInputStream(real)) {
            byte[] bytes = in.readNBytes(MAX_BYTES + 1);
            return bytes.length > MAX_BYTES ? null : Content.of(bytes);
        }
    }

    private static List<Place> places(LinkChain chain) {
        List<Place> places = new ArrayList<>();
        for (LinkChain.Spot spot : chain.spots()) {
            String identity;
            try {
                identity = String.valueOf(
                        Files.readAttributes(spot.directory(), BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                                .fileKey());
            } catch (IOException e) {
                identity = "gone";
            }
            places.add(new Place(spot, identity));
        }
        return places;
    }
}
