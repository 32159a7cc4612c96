package mlxstack.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import mlxstack.wire.ResponseStore.Kept;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AnswersTest {

    private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");

    @TempDir
    private Path home;

    private Instant now = NOON;
    private final List<Answers> all = new ArrayList<>();

    private Answers open() {
        var answers = new Answers(home.resolve("responses.db"), () -> now);
        all.add(answers);
        return answers;
    }

    @AfterEach
    void close() throws InterruptedException {
        for (var answers : all) {
            answers.close(Duration.ofSeconds(20));
        }
    }

    private static Kept answer(String id, String owner, @Nullable String previous) {
        return new Kept(id, owner, previous, "[\"asked " + id + "\"]", "{\"said\":\"" + id + "\"}");
    }

    /** Ids, the hidden ones in brackets. */
    private static List<String> history(Answers answers, String owner, String id) throws Exception {
        return answers.find(owner, id).toCompletableFuture().get(20, TimeUnit.SECONDS).stream()
                .map(each -> each.hidden()
                        ? "(" + each.kept().id() + ")"
                        : each.kept().id())
                .toList();
    }

    /** Of all files that there are. */
    private String bytes() throws Exception {
        var bytes = new StringBuilder();
        try (var files = Files.list(home)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                bytes.append(Files.readString(file, StandardCharsets.ISO_8859_1));
            }
        }
        return bytes.toString();
    }

    @Test
    void whatLedToAnAnswerIsThereAfterARestartForItsOwnerAlone() throws Exception {
        var first = open();
        assertThat(first.any()).isFalse();
        first.keep(answer("a", "hermes", null));
        first.keep(answer("b", "hermes", "a"));
        first.keep(answer("c", "hermes", "b"));
        first.keep(answer("c2", "hermes", "b"));
        first.keep(answer("half", "hermes", "gone"));
        first.keep(answer("stolen", "phone", "b"));
        first.close(Duration.ofSeconds(20));
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(home.resolve("responses.db"))))
                .isEqualTo("rw-------");
        var next = open();
        assertThat(next.any()).isTrue();
        assertThat(history(next, "hermes", "c")).containsExactly("a", "b", "c");
        assertThat(history(next, "hermes", "c2")).containsExactly("a", "b", "c2");
        assertThat(history(next, "phone", "c")).isEmpty();
        assertThat(history(next, "", "a")).isEmpty();
        assertThat(history(next, "hermes", "half")).isEmpty();
        assertThat(history(next, "phone", "stolen")).isEmpty();
        var kept =
                next.find("hermes", "b").toCompletableFuture().get().getLast().kept();
        assertThat(kept).isEqualTo(answer("b", "hermes", "a"));
        try (var files = Files.list(home)) {
            for (Path each : files.filter(Files::isRegularFile).toList()) {
                assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(each)))
                        .as(each.toString())
                        .isEqualTo("rw-------");
            }
        }
    }

    @Test
    void whatIsDeletedIsOverwrittenAndWhatOthersFollowFromIsHidden() throws Exception {
        var answers = open();
        answers.keep(answer("parent", "k", null));
        answers.keep(answer("child", "k", "parent"));
        answers.delete("other", "parent");
        assertThat(history(answers, "k", "parent")).containsExactly("parent");
        answers.delete("k", "parent");
        assertThat(history(answers, "k", "parent")).isEmpty();
        assertThat(history(answers, "k", "child")).containsExactly("(parent)", "child");
        assertThat(bytes()).contains("asked parent", "asked child");
        answers.delete("k", "child");
        assertThat(history(answers, "k", "child")).isEmpty();
        assertThat(bytes()).doesNotContain("asked parent").doesNotContain("asked child");
    }

    @Test
    void theConversationsThatHaveRestedLongestGoWhole() throws Exception {
        var answers = open();
        answers.bounds(Duration.ofDays(30), 1000);
        String text = "x".repeat(180);
        answers.keep(new Kept("a1", "k", null, text, text));
        answers.keep(new Kept("b1", "k", null, text, ""));
        assertThat(history(answers, "k", "a1")).containsExactly("a1");
        now = NOON.plusSeconds(1);
        answers.keep(new Kept("a2", "k", "a1", text, ""));
        assertThat(history(answers, "k", "b1")).containsExactly("b1");
        now = NOON.plusSeconds(2);
        answers.keep(new Kept("c1", "k", null, text, text));
        assertThat(history(answers, "k", "b1")).as("rested longest").isEmpty();
        assertThat(history(answers, "k", "a2")).containsExactly("a1", "a2");
        assertThat(history(answers, "k", "c1")).containsExactly("c1");
        // Gone on with in time, it is young however long ago it began.
        now = NOON.plus(Duration.ofDays(25));
        answers.keep(new Kept("a3", "k", "a2", "", ""));
        now = NOON.plus(Duration.ofDays(40));
        assertThat(history(answers, "k", "a3")).containsExactly("a1", "a2", "a3");
        assertThat(history(answers, "k", "c1"))
                .as("too old, though nobody tidied")
                .isEmpty();
        answers.keep(new Kept("d1", "k", null, "", ""));
        assertThat(history(answers, "k", "d1")).containsExactly("d1");
        try (var connection = Database.forReading(home.resolve("responses.db"))) {
            assertThat(Database.number(connection, "SELECT COUNT(*) FROM answers"))
                    .isEqualTo(4);
        }
    }

    @Test
    void offMeansThatNothingIsLeftOnDisk() throws Exception {
        var answers = open();
        answers.keep(answer("a", "k", null));
        assertThat(history(answers, "k", "a")).containsExactly("a");
        answers.destroy();
        assertThat(history(answers, "k", "a")).isEmpty();
        try (var files = Files.list(home)) {
            assertThat(files.filter(Files::isRegularFile)).isEmpty();
        }
        answers.keep(answer("b", "k", null));
        assertThat(history(answers, "k", "b")).containsExactly("b");
    }

    @Test
    void aFileThatIsNoDatabaseMakesRoomForOneAndOneThatIsGoneToo() throws Exception {
        Path file = home.resolve("responses.db");
        Files.writeString(file, "no database at all\n".repeat(1000));
        var answers = open();
        assertThat(history(answers, "k", "a")).isEmpty();
        answers.keep(answer("a", "k", null));
        assertThat(history(answers, "k", "a")).containsExactly("a");
        Files.delete(file);
        assertThat(history(answers, "k", "a")).isEmpty();
        answers.keep(answer("b", "k", null));
        assertThat(history(answers, "k", "b")).containsExactly("b");
        answers.close(Duration.ofSeconds(20));
        assertThat(history(open(), "k", "b")).containsExactly("b");
    }

    @Test
    void whereNothingCanBeWrittenNobodyWaits() throws Exception {
        Files.createDirectory(home.resolve("responses.db"));
        var answers = new Answers(home.resolve("responses.db"), InstantSource.fixed(NOON));
        all.add(answers);
        answers.keep(answer("a", "k", null));
        assertThat(history(answers, "k", "a")).isEmpty();
    }
}
