package mlxstack.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import mlxstack.reconcile.Command;
import mlxstack.reconcile.Identity;
import mlxstack.reconcile.StackRecord;
import mlxstack.reconcile.UnitRecord;
import mlxstack.reconcile.Wait;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class StateFilesTest {

    @TempDir
    Path dir;

    private Home home;
    private StateFiles files;

    @BeforeEach
    void setUp() throws IOException {
        home = new Home(dir.resolve("home"));
        home.create();
        files = files();
        files.load();
    }

    private StateFiles files() {
        return new StateFiles(home, new Json(), new Random(7));
    }

    private static UnitRecord unit(String name, long launch) {
        return new UnitRecord(
                name,
                1,
                launch,
                "cafe/" + name + "/" + launch + "/1",
                true,
                null,
                null,
                null,
                null,
                null,
                0,
                0,
                null,
                "boot",
                List.of(),
                null,
                null,
                null,
                null,
                null,
                null,
                true,
                null,
                Instant.EPOCH);
    }

    @Test
    void aNewHomeGetsAnIdThatStays() throws IOException {
        StackRecord first = files().load().stack();
        assertThat(first.homeId()).matches("[0-9a-f]{16}");
        StackRecord again = files().load().stack();
        assertThat(again).isEqualTo(first);
        assertThat(files().load().problems()).isEmpty();
    }

    @Test
    void idsOfDifferentHomesDiffer() throws IOException {
        var other = new Home(dir.resolve("other"));
        other.create();
        assertThat(new StateFiles(other, new Json(), new Random(8))
                        .load()
                        .stack()
                        .homeId())
                .isNotEqualTo(files.load().stack().homeId());
    }

    @Test
    @DisplayName("R06 count and remaining wait of a crash loop are there after a death of the daemon")
    void r06WaitAndCountsAreKept() throws IOException {
        var record = new UnitRecord(
                "a",
                3,
                9,
                "cafe/a/9/1",
                false,
                new Identity("boot", 12, 34),
                null,
                "d",
                8001,
                Instant.EPOCH,
                5,
                4,
                new Wait(Wait.Reason.BACK_OFF, "boot", 99_000_000_000L, Duration.ofSeconds(16), Instant.EPOCH),
                "boot",
                List.of(1L, 2L),
                7L,
                null,
                null,
                new Command.Mark("ada", Instant.EPOCH, "why", null),
                null,
                null,
                false,
                null,
                Instant.EPOCH);
        assertThat(files.persist(record, false).isRight()).isTrue();
        assertThat(files().load().units()).containsExactly(record);
    }

    @Test
    @DisplayName("A07 an intent without an identity is there after a death of the daemon, and so is its successor")
    void a07IntentsAreKept() throws IOException {
        files.persist(unit("a", 1), false).get();
        assertThat(files().load().units()).containsExactly(unit("a", 1));
        files.persist(unit("a", 2), true).get();
        assertThat(files().load().units()).containsExactly(unit("a", 2));
    }

    @Test
    @DisplayName("A11 what was forgotten stays forgotten, also its copy")
    void a11ForgottenStaysForgotten() throws IOException {
        files.persist(unit("a", 1), false).get();
        files.persist(unit("a", 2), true).get();
        files.persist(unit("b", 1), false).get();
        files.forget("a").get();
        files.forget("never-there").get();
        assertThat(files().load().units()).containsExactly(unit("b", 1));
    }

    static Stream<Arguments> damages() {
        return Stream.of(
                damage("empty", text -> "", "is empty"),
                damage("cut", text -> text.substring(0, text.length() / 2), "is cut"),
                damage("cut in its first line", text -> text.substring(0, 12), "is not one of ours"),
                damage("garbage", text -> "\0\1\2garbage\n{{{", "is not one of ours"),
                damage("a flipped bit", text -> text.replace("\"launch\":2", "\"launch\":3"), "is damaged"),
                damage("a later version", text -> text.replaceFirst("Record 1 ", "Record 2 "), "has version 2"),
                damage(
                        "another record",
                        text -> text.replaceFirst("UnitRecord", "StackRecord"),
                        "expected a UnitRecord"));
    }

    private static Arguments damage(String name, UnaryOperator<String> change, String message) {
        return Arguments.of(name, change, message);
    }

    @ParameterizedTest(name = "A08 {0}: the copy before is used")
    @MethodSource("damages")
    void a08PreviousCopyIsUsed(String name, UnaryOperator<String> change, String message) throws IOException {
        files.persist(unit("a", 1), false).get();
        files.persist(unit("a", 2), false).get();
        Path file = home.units().resolve("a.json.1");
        edit(file, change);

        var loaded = files().load();
        assertThat(loaded.units()).containsExactly(unit("a", 1));
        assertThat(loaded.problems()).singleElement().asString().contains(file.toString(), message, "; a.json is used");

        // The next write must not put the bad file in the place of the good copy.
        files().persist(unit("a", 3), false).get();
        assertThat(files().load().units()).containsExactly(unit("a", 3));
        assertThat(files().load().problems()).isEmpty();
    }

    @ParameterizedTest(name = "A08 {0}, copy too: reported missing, others unharmed")
    @MethodSource("damages")
    void a08BothBad(String name, UnaryOperator<String> change, String message) throws IOException {
        files.persist(unit("a", 2), false).get();
        files.persist(unit("a", 2), false).get();
        files.persist(unit("b", 1), false).get();
        edit(home.units().resolve("a.json"), change);
        edit(home.units().resolve("a.json.1"), change);
        var loaded = files().load();
        assertThat(loaded.units()).containsExactly(unit("b", 1));
        assertThat(loaded.problems()).singleElement().asString().contains(message, "no other copy");
    }

    @Test
    @DisplayName("A08 a shorter record over a longer one is whole, and what a death leaves behind it does no harm")
    void a08ShorterOverLonger() throws IOException {
        files.persist(unit("a", 123_456_789_012L), false).get();
        files.persist(unit("a", 2), false).get();
        files.persist(unit("a", 3), false).get();
        Path file = home.units().resolve("a.json");
        assertThat(Files.readString(file)).contains("\"launch\":3").endsWith("}\n");
        Files.writeString(file, "rest of a longer one", StandardOpenOption.APPEND);
        var loaded = files().load();
        assertThat(loaded.units()).containsExactly(unit("a", 3));
        assertThat(loaded.problems()).isEmpty();
    }

    @Test
    @DisplayName("A08 a power cut that empties what was not synced leaves the latest synced record")
    void a08PowerCut() throws IOException {
        files.persist(unit("a", 1), false).get();
        files.persist(unit("a", 2), true).get();
        files.persist(unit("a", 3), false).get();
        files.persist(unit("a", 4), false).get();
        files.persist(unit("a", 5), false).get();
        Files.writeString(home.units().resolve("a.json"), "");
        Files.writeString(home.units().resolve("a.json.2"), "");
        assertThat(files().load().units()).containsExactly(unit("a", 2));

        // And it is not written over by the next life either.
        var next = files();
        next.load();
        next.persist(unit("a", 6), false).get();
        next.persist(unit("a", 7), false).get();
        next.persist(unit("a", 8), false).get();
        assertThat(Files.readString(home.units().resolve("a.json.1"))).contains("\"launch\":2");
        assertThat(files().load().units()).containsExactly(unit("a", 8));
    }

    @Test
    @DisplayName("A08 a lost stack record is made anew with the id that the running processes' nonces carry")
    void a08StackRecordIsRebuiltFromNonces() throws IOException {
        files.persist(new StackRecord("cafe", 5, Map.of("a", 8001), null, null)).get();
        files.persist(unit("a", 1), false).get();
        Files.writeString(home.state().resolve("stack.json"), "garbage");
        Files.writeString(home.state().resolve("stack.json.1"), "");
        var loaded = files().load();
        assertThat(loaded.stack().homeId()).isEqualTo("cafe");
        assertThat(loaded.problems()).anyMatch(p -> p.contains("made anew")).anyMatch(p -> p.contains("no other copy"));
        assertThat(files().load()).satisfies(again -> {
            assertThat(again.stack()).isEqualTo(loaded.stack());
            assertThat(again.problems()).isEmpty();
        });
    }

    @Test
    @DisplayName("A08 a record under another name is not taken for that name's")
    void a08WrongName() throws IOException {
        files.persist(unit("a", 1), false).get();
        Files.move(home.units().resolve("a.json"), home.units().resolve("b.json"));
        var loaded = files().load();
        assertThat(loaded.units()).isEmpty();
        assertThat(loaded.problems()).singleElement().asString().contains("is about a");
    }

    @Test
    @DisplayName("A09 a directory that cannot be written gives a left with the reason, and it works again afterwards")
    void a09NotWritable() throws IOException {
        files.persist(unit("a", 1), false).get();
        // Rights do not stop root, a directory in the way of the file does.
        Path blocker = Files.createDirectory(home.units().resolve("a.json.1"));
        var refused = files.persist(unit("a", 2), false);
        assertThat(refused.isLeft()).isTrue();
        assertThat(refused.getLeft())
                .contains("cannot write the state", "a.json.1")
                .doesNotContain("null");
        assertThat(files().load().units()).containsExactly(unit("a", 1));
        Files.delete(blocker);
        assertThat(files.persist(unit("a", 2), false).isRight()).isTrue();
        assertThat(files().load().units()).containsExactly(unit("a", 2));
    }

    @Test
    void onlyTheOwnerMayLookInside() throws IOException {
        files.persist(unit("a", 1), true).get();
        files.persist(unit("a", 2), true).get();
        try (Stream<Path> all = Files.walk(home.root())) {
            assertThat(all)
                    .isNotEmpty()
                    .allSatisfy(path -> assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
                            .isEqualTo(Files.isDirectory(path) ? "rwx------" : "rw-------"));
        }
    }

    private static void edit(Path file, UnaryOperator<String> change) throws IOException {
        String text = Files.readString(file, StandardCharsets.ISO_8859_1);
        String changed = change.apply(text);
        assertThat(changed).isNotEqualTo(text);
        Files.writeString(file, changed, StandardCharsets.ISO_8859_1);
    }
}
