package mlxstack.source;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import mlxstack.source.LinkChain.Link;
import mlxstack.source.LinkChain.Spot;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LinkChainTest {

    private Path root;

    @BeforeEach
    void realRoot(@TempDir Path temp) throws IOException {
        root = temp.toRealPath();
    }

    private Path file(String name) throws IOException {
        Path file = root.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, "x\n");
    }

    private Path link(String name, String target) throws IOException {
        Path link = root.resolve(name);
        Files.createDirectories(link.getParent());
        return Files.createSymbolicLink(link, Path.of(target));
    }

    private static Map<Path, Set<String>> spots(LinkChain chain, boolean above) {
        return chain.spots().stream()
                .filter(s -> s.above() == above)
                .collect(Collectors.toMap(Spot::directory, Spot::names));
    }

    @Test
    void aPlainFile() throws IOException {
        LinkChain chain = LinkChain.of(file("home/stack.yaml"));

        assertThat(chain.real()).isEqualTo(root.resolve("home/stack.yaml"));
        assertThat(chain.links()).isEmpty();
        assertThat(spots(chain, false)).isEqualTo(Map.of(root.resolve("home"), Set.of("stack.yaml")));
        assertThat(spots(chain, true)).isEqualTo(Map.of(root, Set.of("home")));
    }

    @Test
    void everyLinkOfAChainAndTheDirectoryItLiesInIsKnown() throws IOException {
        file("dotfiles/mlx/real.yaml");
        link("store/gen2/stack.yaml", "../../dotfiles/mlx/real.yaml");
        link("store/current", "gen2");
        link("home/stack.yaml", root.resolve("store/current/stack.yaml").toString());

        LinkChain chain = LinkChain.of(root.resolve("home/stack.yaml"));

        assertThat(chain.real()).isEqualTo(root.resolve("dotfiles/mlx/real.yaml"));
        assertThat(chain.links())
                .containsExactly(
                        new Link(root.resolve("home/stack.yaml"), root.resolve("store/current/stack.yaml")),
                        new Link(root.resolve("store/current"), Path.of("gen2")),
                        new Link(root.resolve("store/gen2/stack.yaml"), Path.of("../../dotfiles/mlx/real.yaml")));
        assertThat(spots(chain, false))
                .isEqualTo(Map.of(
                        root.resolve("home"), Set.of("stack.yaml"),
                        root.resolve("store"), Set.of("current", "gen2"),
                        root.resolve("store/gen2"), Set.of("stack.yaml"),
                        root.resolve("dotfiles/mlx"), Set.of("real.yaml")));
        assertThat(spots(chain, true))
                .isEqualTo(Map.of(root, Set.of("home", "store"), root.resolve("dotfiles"), Set.of("mlx")));
    }

    @Test
    void aDirectoryOnTheWayMayBeALink() throws IOException {
        file("dotfiles/config/stack.yaml");
        link("home", "dotfiles/config");

        LinkChain chain = LinkChain.of(root.resolve("home/stack.yaml"));

        assertThat(chain.real()).isEqualTo(root.resolve("dotfiles/config/stack.yaml"));
        assertThat(spots(chain, false))
                .containsEntry(root, Set.of("home"))
                .containsEntry(root.resolve("dotfiles/config"), Set.of("stack.yaml"));
    }

    @Test
    void dotDotIsTakenAfterTheLinkBeforeIt() throws IOException {
        file("far/away/stack.yaml");
        Files.createDirectories(root.resolve("far/away/deep"));
        link("home", "far/away/deep");

        assertThat(LinkChain.of(root.resolve("home/../stack.yaml")).real())
                .isEqualTo(root.resolve("far/away/stack.yaml"));
    }

    @Test
    void whatIsMissingIsNamedAndItsBirthplaceWatched() throws IOException {
        Files.createDirectories(root.resolve("home"));

        LinkChain file = LinkChain.of(root.resolve("home/stack.yaml"));
        assertThat(file.real()).isNull();
        assertThat(file.problem()).isEqualTo(root.resolve("home/stack.yaml") + " does not exist");
        assertThat(spots(file, false)).isEqualTo(Map.of(root.resolve("home"), Set.of("stack.yaml")));

        LinkChain directory = LinkChain.of(root.resolve("home/a/b/stack.yaml"));
        assertThat(directory.problem())
                .isEqualTo(
                        "%s does not exist: there is no directory %s",
                        root.resolve("home/a/b/stack.yaml"), root.resolve("home/a"));
        assertThat(spots(directory, false)).isEqualTo(Map.of(root.resolve("home"), Set.of("a")));
    }

    @Test
    void aDanglingLinkSaysWhereItEnds() throws IOException {
        Path link = link("home/stack.yaml", "../dotfiles/stack.yaml");

        LinkChain chain = LinkChain.of(link);

        assertThat(chain.problem())
                .isEqualTo(
                        "%s is a link to ../dotfiles/stack.yaml, and %s does not exist",
                        link, root.resolve("dotfiles"));
        assertThat(spots(chain, false))
                .isEqualTo(Map.of(root.resolve("home"), Set.of("stack.yaml"), root, Set.of("dotfiles", "home")));
    }

    @Test
    void aLoopEnds() throws IOException {
        link("a", "b");
        link("b", "a");

        assertThat(LinkChain.of(root.resolve("a")).problem())
                .contains("more than 40 links")
                .contains(root + "/");
    }

    @Test
    void onlyARegularFileWillDo() throws IOException {
        Files.createDirectories(root.resolve("home/stack.yaml"));
        file("plain");

        assertThat(LinkChain.of(root.resolve("home/stack.yaml")).problem())
                .isEqualTo(root.resolve("home/stack.yaml") + " is a directory; expected a regular file");
        assertThat(LinkChain.of(root.resolve("plain/stack.yaml")).problem())
                .isEqualTo(
                        "%s is a file where %s needs a directory",
                        root.resolve("plain"), root.resolve("plain/stack.yaml"));
    }

    @Test
    void aLinkReplacedByAFileIsRecognised() throws IOException {
        file("dotfiles/stack.yaml");
        Path path = link("home/stack.yaml", "../dotfiles/stack.yaml");
        LinkChain before = LinkChain.of(path);
        Files.delete(path);
        Files.writeString(path, "y\n");

        Link replaced = before.replacedIn(LinkChain.of(path));
        assertThat(replaced).isEqualTo(new Link(path, Path.of("../dotfiles/stack.yaml")));
        assertThat(before.replacedIn(before)).isNull();
    }
}
