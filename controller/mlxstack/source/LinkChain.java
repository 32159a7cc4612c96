package mlxstack.source;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Everything between a path and the file it means at this moment: each link, whether it stands for the file or for a
 * directory on the way, and each directory in which a change could make the path mean something else.
 *
 * <p>Resolved name by name instead of by {@code toRealPath}, which tells neither the links passed through nor where a
 * dangling chain ends.
 *
 * @param links in the order they are followed
 * @param real the regular file at the end; null when there is none
 * @param problem why there is none, for people; null when there is one
 * @param spots where to look for changes, the way's own directories before those above them
 */
public record LinkChain(
        Path path,
        List<Link> links,
        @Nullable Path real,
        @Nullable String problem,
        List<Spot> spots) {

    /** The kernel's own limit on Linux. */
    private static final int MAX_LINKS = 40;

    public LinkChain {
        links = List.copyOf(links);
        spots = List.copyOf(spots);
    }

    /** @param at where the link lies, with every earlier link followed
     * @param target as written in the link */
    public record Link(Path at, Path target) {}

    /**
     * A directory to watch.
     *
     * @param names the entries whose change matters; all others are noise
     * @param above true when it holds none of the chain's links and files, only a directory that does
     */
    public record Spot(Path directory, Set<String> names, boolean above) {
        public Spot {
            names = Set.copyOf(names);
        }
    }

    /** Reads the chain as it is now. Never throws for what it finds; a broken chain is a {@link #problem}. */
    public static LinkChain of(Path path) {
        return new Walk(path.toAbsolutePath()).run();
    }

    /** The link among ours that has become the regular file itself in {@code later}, as an editor's rename does. */
    @Nullable
    Link replacedIn(LinkChain later) {
        Path now = later.real;
        return now == null
                ? null
                : links.stream().filter(l -> l.at().equals(now)).findFirst().orElse(null);
    }

    /** One resolution under way. */
    private static final class Walk {
        private final Path path;
        private final Deque<Path> ahead = new ArrayDeque<>();
        private final List<Link> links = new ArrayList<>();
        private final Map<Path, Set<String>> own = new LinkedHashMap<>();
        private Path at;

        Walk(Path path) {
            this.path = path;
            this.at = path.getRoot();
            path.forEach(ahead::addLast);
        }

        LinkChain run() {
            while (!ahead.isEmpty()) {
                String name = ahead.removeFirst().toString();
                if (name.isEmpty() || name.equals(".")) {
                    continue;
                }
                if (name.equals("..")) {
                    at = at.getParent() == null ? at : at.getParent();
                    continue;
                }
                String problem = enter(name);
                if (problem != null) {
                    return result(null, problem);
                }
            }
            return result(at, null);
        }

        private @Nullable String enter(String name) {
            Path next = at.resolve(name);
            BasicFileAttributes attributes;
            try {
                attributes = Files.readAttributes(next, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
                if (attributes.isSymbolicLink()) {
                    note(name);
                    return follow(next, Files.readSymbolicLink(next));
                }
            } catch (NoSuchFileException e) {
                note(name);
                return missing(next);
            } catch (IOException e) {
                note(name);
                return "cannot look at %s: %s; check its permissions".formatted(next, reason(e));
            }
            if (!ahead.isEmpty()) {
                if (!attributes.isDirectory()) {
                    note(name);
                    return "%s is a file where %s needs a directory".formatted(next, path);
                }
            } else {
                note(name);
                if (!attributes.isRegularFile()) {
                    return "%s is %s; expected a regular file"
                            .formatted(next, attributes.isDirectory() ? "a directory" : "not a file of bytes");
                }
            }
            at = next;
            return null;
        }

        private @Nullable String follow(Path link, Path target) {
            links.add(new Link(link, target));
            if (links.size() > MAX_LINKS) {
                return "%s goes through more than %d links: %s points back at itself"
                        .formatted(path, MAX_LINKS, links.getLast().at());
            }
            if (target.isAbsolute()) {
                at = target.getRoot();
            }
            for (int i = target.getNameCount() - 1; i >= 0; i--) {
                ahead.addFirst(target.getName(i));
            }
            return null;
        }

        private String missing(Path next) {
            if (links.isEmpty()) {
                return ahead.isEmpty()
                        ? next + " does not exist"
                        : "%s does not exist: there is no directory %s".formatted(path, next);
            }
            Link last = links.getLast();
            return "%s is a link to %s, and %s does not exist".formatted(last.at(), last.target(), next);
        }

        private void note(String name) {
            own.computeIfAbsent(at, d -> new TreeSet<>()).add(name);
        }

        private LinkChain result(@Nullable Path real, @Nullable String problem) {
            Map<Path, Set<String>> above = new LinkedHashMap<>();
            for (Path directory : List.copyOf(own.keySet())) {
                Path parent = directory.getParent();
                if (parent != null) {
                    Map<Path, Set<String>> into = own.containsKey(parent) ? own : above;
                    into.computeIfAbsent(parent, d -> new TreeSet<>())
                            .add(directory.getFileName().toString());
                }
            }
            List<Spot> spots = new ArrayList<>();
            own.forEach((directory, names) -> spots.add(new Spot(directory, names, false)));
            above.forEach((directory, names) -> spots.add(new Spot(directory, names, true)));
            return new LinkChain(path, links, real, problem, spots);
        }

        private static String reason(IOException e) {
            return e.getMessage() == null
                    ? e.getClass().getSimpleName()
                    : e.getClass().getSimpleName() + " " + e.getMessage();
        }
    }
}
