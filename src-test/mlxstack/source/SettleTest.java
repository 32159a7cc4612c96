package mlxstack.source;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import mlxstack.source.Settle.Limits;
import mlxstack.source.Settle.Seen;
import mlxstack.source.Settle.Step;
import mlxstack.source.Settle.Verdict;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The table of settling: what was seen when, and what came of it. Times are milliseconds. */
class SettleTest {

    private static final Path REAL = Path.of("/home/u/dotfiles/stack.yaml");
    private static final Seen GONE = new Seen.Nothing("it is gone");
    private static final Seen EMPTY = new Seen.Nothing("it is empty");

    record Row(long at, Seen seen) {}

    private static Row row(long at, Seen seen) {
        return new Row(at, seen);
    }

    private static Seen text(String digest, Harm harm) {
        return new Seen.Text(digest, REAL, true, harm);
    }

    private static Seen gentle(String digest) {
        return text(digest, Harm.GENTLE);
    }

    private static Seen harsh(String digest) {
        return text(digest, Harm.HARSH);
    }

    /** Starts from an accepted text "a" at 0, as almost every change does. */
    private static List<String> told(Row... rows) {
        Settle settle = accepted("a");
        List<String> told = new ArrayList<>();
        for (Row row : rows) {
            Step step = settle.observe(ms(row.at), row.seen);
            settle = step.next();
            switch (step.verdict()) {
                case WAIT -> {}
                case ACCEPTED -> told.add(row.at + " accepted " + digest(settle));
                case GONE -> told.add(row.at + " gone: " + settle.gone());
                case UNSETTLED -> told.add(row.at + " unsettled");
            }
        }
        return told;
    }

    private static Settle accepted(String digest) {
        Settle first =
                Settle.start(Limits.DEFAULT).observe(ms(-1000), gentle(digest)).next();
        Step second = first.observe(ms(-900), gentle(digest));
        assertThat(second.verdict()).isEqualTo(Verdict.ACCEPTED);
        return second.next();
    }

    private static String digest(Settle settle) {
        return Objects.requireNonNull(settle.accepted()).digest();
    }

    private static long ms(long n) {
        return n * 1_000_000;
    }

    private static Arguments arguments(String name, List<String> expected, Row... rows) {
        return Arguments.of(name, expected, rows);
    }

    static Stream<Arguments> table() {
        return Stream.of(
                arguments(
                        "an addition settles in 30 ms",
                        List.of("30 accepted b"),
                        row(0, gentle("b")),
                        row(29, gentle("b")),
                        row(30, gentle("b"))),
                arguments(
                        "so does a change without effect",
                        List.of("30 accepted b"),
                        row(0, text("b", Harm.NONE)),
                        row(30, text("b", Harm.NONE))),
                arguments(
                        "a restart, stop or deletion needs 300 ms",
                        List.of("300 accepted b"),
                        row(0, harsh("b")),
                        row(30, harsh("b")),
                        row(299, harsh("b")),
                        row(300, harsh("b"))),
                arguments(
                        "so does what cannot be accepted: it may be half a file",
                        List.of("300 accepted b"),
                        row(0, text("b", Harm.INVALID)),
                        row(30, text("b", Harm.INVALID)),
                        row(300, text("b", Harm.INVALID))),
                arguments(
                        "and an addition whose last byte ends no line",
                        List.of("300 accepted b"),
                        row(0, new Seen.Text("b", REAL, false, Harm.GENTLE)),
                        row(30, new Seen.Text("b", REAL, false, Harm.GENTLE)),
                        row(300, new Seen.Text("b", REAL, false, Harm.GENTLE))),
                arguments("one read is never enough, however late", List.of(), row(10_000, gentle("b"))),
                arguments(
                        "bytes that change again start anew, and are a slow writer's",
                        List.of("320 accepted c"),
                        row(0, gentle("b")),
                        row(20, gentle("c")),
                        row(50, gentle("c")),
                        row(319, gentle("c")),
                        row(320, gentle("c"))),
                arguments(
                        "back to what is accepted is no change",
                        List.of(),
                        row(0, harsh("b")),
                        row(100, gentle("a")),
                        row(5_000, gentle("a"))),
                arguments(
                        "and the next change is a new one, with its own patience",
                        List.of("3130 accepted c"),
                        row(0, harsh("b")),
                        row(100, gentle("a")),
                        row(3_100, gentle("c")),
                        row(3_130, gentle("c"))),
                arguments(
                        "the editor's moment without a file is not told, and does not slow the save",
                        List.of("35 accepted b"),
                        row(0, GONE),
                        row(5, gentle("b")),
                        row(35, gentle("b"))),
                arguments(
                        "bytes seen, then none, then the same: they did change",
                        List.of("320 accepted b"),
                        row(0, gentle("b")),
                        row(10, EMPTY),
                        row(20, gentle("b")),
                        row(50, gentle("b")),
                        row(320, gentle("b"))),
                arguments(
                        "no file for 300 ms is told, once",
                        List.of("300 gone: it is gone"),
                        row(0, GONE),
                        row(299, GONE),
                        row(300, GONE),
                        row(2_300, GONE),
                        row(9_000, GONE)),
                arguments(
                        "another reason is told too",
                        List.of("300 gone: it is gone", "2600 gone: it is empty"),
                        row(0, GONE),
                        row(300, GONE),
                        row(2_300, EMPTY),
                        row(2_600, EMPTY)),
                arguments(
                        "G05 back after that: accepted again, though nothing differs",
                        List.of("300 gone: it is gone", "2330 accepted a"),
                        row(0, GONE),
                        row(300, GONE),
                        row(2_300, gentle("a")),
                        row(2_330, gentle("a")),
                        row(4_330, gentle("a"))),
                arguments(
                        "G02 truncated, and written two seconds later",
                        List.of("300 gone: it is empty", "2300 accepted b"),
                        row(0, EMPTY),
                        row(300, EMPTY),
                        row(2_000, harsh("b")),
                        row(2_299, harsh("b")),
                        row(2_300, harsh("b"))),
                arguments(
                        "the same bytes elsewhere are a change: relative paths start there",
                        List.of("30 accepted a"),
                        row(0, new Seen.Text("a", Path.of("/other/stack.yaml"), true, Harm.NONE)),
                        row(30, new Seen.Text("a", Path.of("/other/stack.yaml"), true, Harm.NONE))));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("table")
    void table(String name, List<String> expected, Row[] rows) {
        assertThat(told(rows)).isEqualTo(expected);
    }

    @Test
    void g03_slowWriterIsAcceptedOnceAtTheEndAndReportedAfterThreeSeconds() {
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i <= 50; i++) {
            // The first half still lacks what runs; the second would only add.
            Seen prefix = i < 25 ? harsh("prefix" + i) : gentle("prefix" + i);
            rows.add(row(i * 200L, prefix));
            rows.add(row(i * 200L + 30, prefix));
        }
        rows.add(row(10_299, gentle("prefix50")));
        rows.add(row(10_300, gentle("prefix50")));
        rows.add(row(12_300, gentle("prefix50")));

        assertThat(told(rows.toArray(Row[]::new))).containsExactly("3000 unsettled", "10300 accepted prefix50");
    }

    @Test
    void unsettledEndsWithAnAcceptanceEvenOfTheOldBytes() {
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < 32; i++) {
            rows.add(row(i * 100L, gentle("v" + i)));
        }
        rows.add(row(3_200, gentle("a")));
        rows.add(row(3_499, gentle("a")));
        rows.add(row(3_500, gentle("a")));

        assertThat(told(rows.toArray(Row[]::new))).containsExactly("3000 unsettled", "3500 accepted a");
    }

    @Test
    void asksToBeCalledWhenSomethingCouldBeDecided() {
        Settle settle = accepted("a");
        assertThat(settle.observe(ms(0), gentle("a")).again()).isEqualTo(Settle.NEVER);
        assertThat(settle.observe(ms(0), gentle("b")).again()).isEqualTo(ms(30));
        assertThat(settle.observe(ms(0), harsh("b")).again()).isEqualTo(ms(300));
        assertThat(settle.observe(ms(0), GONE).again()).isEqualTo(ms(300));

        Settle writing = settle.observe(ms(0), harsh("b")).next();
        assertThat(writing.observe(ms(2_900), harsh("c")).again())
                .as("three seconds after the first change, before the new bytes are ripe")
                .isEqualTo(ms(3_000));
    }

    @Test
    void aSlowReadCountsForNeitherSide() {
        Settle settle = accepted("a");
        Settle seen = settle.observe(ms(0), ms(100), gentle("b")).next();

        assertThat(seen.observe(ms(120), ms(140), gentle("b")).verdict())
                .as("unchanged from 100 to 120 only")
                .isEqualTo(Verdict.WAIT);
        assertThat(seen.observe(ms(130), ms(140), gentle("b")).verdict()).isEqualTo(Verdict.ACCEPTED);
    }

    @Test
    void nothingIsEverAccepted() {
        Settle settle = Settle.start(Limits.DEFAULT);
        for (int i = 0; i < 100; i++) {
            Step step = settle.observe(ms(i * 100L), i % 2 == 0 ? EMPTY : GONE);
            assertThat(step.verdict()).isNotEqualTo(Verdict.ACCEPTED);
            settle = step.next();
        }
        assertThat(settle.accepted()).isNull();
    }
}
