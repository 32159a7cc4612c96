package mlxstack.source;

import static java.nio.charset.StandardCharsets.UTF_8;
import static mlxstack.source.Watching.git;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A real git underneath: what it does to the file, and which commit the bytes are said to come from. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class GitIT {

    private Path repository;
    private Path stack;

    @BeforeEach
    void repository(@TempDir Path temp) throws IOException {
        repository = Files.createDirectories(temp.toRealPath().resolve("dotfiles"));
        git(repository, "init", "-q");
        stack = repository.resolve("mlx/stack.yaml");
        commit("one\n");
    }

    private String commit(String text) throws IOException {
        Files.createDirectories(repository.resolve("mlx"));
        Files.writeString(stack, text);
        git(repository, "add", "-A");
        git(repository, "commit", "-qm", "stack: " + text.strip());
        return head();
    }

    private String head() {
        return git(repository, "rev-parse", "HEAD");
    }

    private static @Nullable String attribution(Path file) throws IOException {
        return Watching.GIT.commit(file, Content.of(Files.readAllBytes(file)));
    }

    private static void untilCommit(Watching watching, String commit) {
        Awaitility.await("commit " + commit)
                .atMost(Duration.ofSeconds(30))
                .until(() -> commit.equals(watching.told.last().commit()));
    }

    @Test
    void committedDirtyAndUntracked() throws IOException {
        assertThat(attribution(stack)).isEqualTo(head());

        Files.writeString(stack, "edited\n");
        assertThat(attribution(stack)).isEqualTo(head() + "+dirty");
        git(repository, "add", "-A");
        assertThat(attribution(stack)).as("staged is not committed").isEqualTo(head() + "+dirty");

        Path other = Files.writeString(repository.resolve("mlx/other.yaml"), "x\n");
        assertThat(attribution(other)).as("not in the commit at all").isEqualTo(head() + "+dirty");
    }

    @Test
    void theBytesThatWereReadAreMeantNotTheFileAsItIsByNow() throws IOException {
        Content read = Content.of(Files.readAllBytes(stack));
        Files.writeString(stack, "edited since\n");
        assertThat(Watching.GIT.commit(stack, read)).isEqualTo(head());
    }

    @Test
    void lineEndingsAreGitsBusiness() throws IOException {
        Files.writeString(repository.resolve(".gitattributes"), "*.yaml text eol=crlf\n");
        commit("one\r\ntwo\r\n");
        assertThat(attribution(stack)).isEqualTo(head());
    }

    @Test
    void workTreesHaveTheirOwnHead() throws IOException {
        String main = head();
        Path tree = repository.resolveSibling("tree");
        git(repository, "worktree", "add", "-q", "-b", "topic", tree.toString());
        Files.writeString(tree.resolve("mlx/stack.yaml"), "topic\n");
        git(tree, "commit", "-qam", "topic");

        assertThat(attribution(tree.resolve("mlx/stack.yaml")))
                .isEqualTo(git(tree, "rev-parse", "HEAD"))
                .isNotEqualTo(main);
        assertThat(attribution(stack)).isEqualTo(main);
        WorkTree linked = WorkTree.around(tree.resolve("mlx/stack.yaml"));
        assertThat(linked).isNotNull();
        String before = linked == null ? "" : linked.fingerprint();
        git(tree, "commit", "-q", "--allow-empty", "-m", "more");
        assertThat(linked == null ? "" : linked.fingerprint()).isNotEqualTo(before);
    }

    @Test
    void packedRefsMoveTheFingerprintToo() throws IOException {
        git(repository, "pack-refs", "--all");
        WorkTree tree = WorkTree.around(stack);
        assertThat(tree).isNotNull();
        String before = tree == null ? "" : tree.fingerprint();
        commit("two\n");
        assertThat(tree == null ? "" : tree.fingerprint()).isNotEqualTo(before);
    }

    @Test
    void noCommitIsNoAttribution(@TempDir Path empty) throws IOException {
        Path file = Files.writeString(empty.toRealPath().resolve("stack.yaml"), "x\n");
        assertThat(WorkTree.around(file)).isNull();
        git(empty, "init", "-q");
        assertThat(WorkTree.around(file)).isNotNull();
        assertThat(attribution(file)).isNull();
        assertThat(new Git("/nowhere", Duration.ofSeconds(5)).commit(file, Content.of("x\n".getBytes(UTF_8))))
                .isNull();
    }

    @Test
    void aGitThatHangsIsEnded(@TempDir Path bin) throws IOException {
        Path fake = Files.writeString(bin.resolve("git"), "#!/bin/sh\nexec /bin/sleep 600\n");
        Files.setPosixFilePermissions(fake, PosixFilePermissions.fromString("rwx------"));
        var git = new Git(bin.toString(), Duration.ofMillis(100));
        assertThat(git.commit(stack, Content.of("one\n".getBytes(UTF_8)))).isNull();
    }

    @Test
    @DisplayName(
            "G10 between branches with and without the file: told missing, back with the right commit, nothing else")
    void g10_branchWithoutTheFile() throws IOException {
        git(repository, "checkout", "-q", "--orphan", "bare");
        git(repository, "rm", "-rqf", ".");
        Files.writeString(repository.resolve("README"), "nothing here\n");
        git(repository, "add", "-A");
        git(repository, "commit", "-qm", "no stack");
        git(repository, "checkout", "-q", "-b", "other", "main");
        String other = commit("other\n");
        git(repository, "checkout", "-q", "main");
        String main = head();

        try (Watching watching = Watching.path(stack)) {
            watching.until("one");
            assertThat(watching.told.last().commit()).isEqualTo(main);
            for (int i = 0; i < 3; i++) {
                git(repository, "checkout", "-q", "other");
                watching.until("other");
                untilCommit(watching, other);
                git(repository, "checkout", "-q", "bare");
                assertThat(watching.settled()).isEqualTo(SourceWatcher.Checked.MISSING);
                git(repository, "checkout", "-q", "main");
                watching.until("one");
                untilCommit(watching, main);
            }
            assertThat(watching.told.texts()).containsExactly("one", "other", "one", "other", "one", "other", "one");
        }
    }

    @Test
    @DisplayName("G10 a rebase of 20 commits: what it ends with is accepted, and comes from HEAD")
    void g10_rebase() throws IOException {
        git(repository, "checkout", "-q", "-b", "topic");
        for (int i = 1; i <= 20; i++) {
            commit("harsh " + i + "\n");
        }
        git(repository, "checkout", "-q", "main");
        Files.writeString(repository.resolve("README"), "moves on\n");
        git(repository, "add", "-A");
        git(repository, "commit", "-qm", "readme");
        git(repository, "checkout", "-q", "topic");

        try (Watching watching = Watching.path(stack)) {
            watching.until("harsh 20");
            git(repository, "rebase", "-q", "main");
            assertThat(watching.settled()).isEqualTo(SourceWatcher.Checked.CURRENT);
            watching.until("harsh 20");
            untilCommit(watching, head());
            assertThat(watching.told.lines()).noneMatch(l -> l.startsWith("missing"));
        }
    }

    @Test
    @DisplayName("G10 a commit of the bytes that run: attributed anew, no new candidate")
    void g10_commitAfterTheSave() throws IOException {
        try (Watching watching = Watching.path(stack)) {
            watching.until("one");
            String before = head();
            Files.writeString(stack, "two\n");
            watching.until("two");
            assertThat(watching.told.last().commit()).isEqualTo(before + "+dirty");
            git(repository, "commit", "-qam", "two");
            untilCommit(watching, head());
            assertThat(watching.told.texts()).containsExactly("one", "two");
        }
    }

    @Test
    @DisplayName("G10 the whole work tree replaced by another clone, behind a link")
    void g10_directoryReplaced() throws IOException {
        Path home = Files.createDirectories(repository.resolveSibling("home"));
        Path path = Files.createSymbolicLink(home.resolve("stack.yaml"), stack);
        try (Watching watching = Watching.path(path)) {
            watching.until("one");
            Path clone = repository.resolveSibling("clone");
            git(home, "clone", "-q", repository.toString(), clone.toString());
            Files.writeString(clone.resolve("mlx/stack.yaml"), "from the clone\n");
            git(clone, "commit", "-qam", "clone");
            Files.move(repository, repository.resolveSibling("old"));
            Files.move(clone, repository);

            watching.until("from the clone");
            untilCommit(watching, head());
            Files.writeString(stack, "later\n");
            watching.until("later");
            untilCommit(watching, head() + "+dirty");
        }
    }
}
