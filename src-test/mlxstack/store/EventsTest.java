package mlxstack.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import mlxstack.reconcile.Effect.EmitEvent;
import mlxstack.store.EventRecord.Change;
import mlxstack.store.EventRecord.Involved;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EventsTest {

    private static final Involved A = Involved.process("a");

    @TempDir
    Path dir;

    private final TestingClock clock = new TestingClock();
    private Home home;
    private Events events;

    @BeforeEach
    void setUp() throws IOException {
        home = new Home(dir);
        home.create();
        events = open();
    }

    @AfterEach
    void tearDown() {
        events.close();
    }

    private Events open() {
        return new Events(home, new Json(), clock);
    }

    private void say(String reason, String message) {
        events.report(A, EmitEvent.Type.NORMAL, reason, message);
    }

    @Test
    void anEventHasAllThatKubernetesAsksFor() {
        events.emit(new EmitEvent("a", EmitEvent.Type.WARNING, "BackOff", "next attempt in 8s"), "home");
        events.emit(new EmitEvent(null, EmitEvent.Type.NORMAL, "ConfigAccepted", "revision 1"), "home");
        assertThat(events.list()).hasSize(2);
        EventRecord first = events.list().getFirst();
        assertThat(first.name()).matches("a\\.[0-9a-f]{16}");
        assertThat(first.uid()).matches("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");
        assertThat(first)
                .isEqualTo(new EventRecord(
                        first.name(),
                        first.uid(),
                        A,
                        EmitEvent.Type.WARNING,
                        "BackOff",
                        "next attempt in 8s",
                        clock.instant(),
                        clock.instant(),
                        1));
        EventRecord second = events.list().getLast();
        assertThat(second.involved()).isEqualTo(Involved.stack("home"));
        assertThat(second.name()).startsWith("home.").isNotEqualTo(first.name());
        assertThat(events.of(A)).containsExactly(first);
    }

    @Test
    void exactRepeatsRaiseTheCountAndMoveTheLastTime() {
        Instant start = clock.instant();
        say("BackOff", "x");
        EventRecord first = events.list().getFirst();
        clock.pass(Duration.ofSeconds(5));
        say("Other", "x");
        clock.pass(Duration.ofSeconds(5));
        say("BackOff", "x");
        assertThat(events.list()).extracting(EventRecord::reason).containsExactly("Other", "BackOff");
        EventRecord again = events.list().getLast();
        assertThat(again.count()).isEqualTo(2);
        assertThat(again.name()).isEqualTo(first.name());
        assertThat(again.uid()).isEqualTo(first.uid());
        assertThat(again.first()).isEqualTo(start);
        assertThat(again.last()).isEqualTo(start.plusSeconds(10));
    }

    @Test
    void theEleventhMessageThatDiffersOnlyInTextIsCombined() {
        for (int i = 1; i <= 10; i++) {
            say("Unhealthy", "message " + i);
        }
        assertThat(events.list()).hasSize(10).noneMatch(e -> e.message().startsWith("(combined"));
        say("Unhealthy", "message 11");
        say("Unhealthy", "message 12");
        assertThat(events.list()).hasSize(11);
        assertThat(events.list().getLast().message()).isEqualTo("(combined from similar events): message 12");
        assertThat(events.list().getLast().count()).isEqualTo(2);
        // A message that stood for itself goes on doing so, and another reason has a count of its own.
        say("Unhealthy", "message 3");
        assertThat(events.list().getLast().message()).isEqualTo("message 3");
        assertThat(events.list().getLast().count()).isEqualTo(2);
        say("Other", "message 12");
        assertThat(events.list().getLast().message()).isEqualTo("message 12");
    }

    @Test
    void afterTenQuietMinutesMessagesStandForThemselvesAgain() {
        for (int i = 1; i <= 11; i++) {
            say("Unhealthy", "message " + i);
        }
        clock.pass(Duration.ofSeconds(601));
        say("Unhealthy", "later");
        assertThat(events.list().getLast().message()).isEqualTo("later");
    }

    @Test
    void afterABurstOf25AnObjectMaySayOneThingInFiveMinutes() {
        for (int i = 0; i < 30; i++) {
            say("Reason" + i, "x");
        }
        assertThat(events.list()).hasSize(25);
        assertThat(events.suppressed()).isEqualTo(5);
        clock.pass(Duration.ofSeconds(299));
        say("Early", "x");
        assertThat(events.list()).hasSize(25);
        clock.pass(Duration.ofSeconds(1));
        say("Timely", "x");
        say("Again", "x");
        assertThat(events.list()).hasSize(26);
        assertThat(events.list().getLast().reason()).isEqualTo("Timely");
        // Others are not made to wait for it.
        events.report(Involved.process("b"), EmitEvent.Type.NORMAL, "Started", "x");
        assertThat(events.list()).hasSize(27);
    }

    @Test
    void aClockThatIsSetBackEarnsNothingAndBreaksNothing() {
        for (int i = 0; i < 25; i++) {
            say("Reason" + i, "x");
        }
        clock.pass(Duration.ofDays(-1));
        say("Back", "x");
        assertThat(events.suppressed()).isEqualTo(1);
        say("Reason3", "x");
        assertThat(events.list().getLast().count()).isEqualTo(2);
        assertThat(events.list().getLast().last()).isEqualTo(clock.instant().plus(Duration.ofDays(1)));
    }

    @Test
    @DisplayName(
            "P16 10,000 distinct messages of one object: combined, limited, and told to watchers no more than 25 times")
    void p16OneObject() {
        var told = new ArrayList<Change>();
        events.watch(now -> {}, told::add);
        for (int i = 0; i < 10_000; i++) {
            say("Unhealthy", "probe failed: token " + i);
            clock.pass(Duration.ofMillis(1));
        }
        assertThat(events.list()).hasSize(11);
        assertThat(events.list().getLast().message())
                .isEqualTo("(combined from similar events): probe failed: token 9999");
        assertThat(events.list().getLast().count()).isEqualTo(9_990);
        assertThat(told).hasSize(25);
        assertThat(events.suppressed()).isZero();
    }

    @Test
    @DisplayName(
            "P16 12,000 messages of as many objects: the store holds 10,000, the caches 4,096, the file a bounded size")
    void p16ManyObjects() throws IOException {
        for (int i = 0; i < 12_000; i++) {
            events.report(Involved.process("p" + i), EmitEvent.Type.WARNING, "Failed", "message " + i);
        }
        assertThat(events.list()).hasSize(Events.KEPT);
        assertThat(events.list().getFirst().involved().name()).isEqualTo("p2000");
        assertThat(events.cached()).isLessThanOrEqualTo(Correlator.CACHED);
        events.close();
        try (Events again = open()) {
            assertThat(again.list()).isEqualTo(events.list());
        }
    }

    @Test
    @DisplayName("P16 the file of a few events that repeat for ever stays small")
    void p16FileIsCompacted() throws IOException {
        for (int i = 0; i < 5_000; i++) {
            events.report(Involved.process("p" + i % 30), EmitEvent.Type.NORMAL, "Tick", "x");
            clock.pass(Duration.ofMinutes(5));
        }
        assertThat(events.list()).hasSize(30);
        assertThat(Files.size(home.events())).isLessThan(1_200 * 300L);
        List<EventRecord> before = events.list();
        events.close();
        try (Events again = open()) {
            assertThat(again.list()).isEqualTo(before);
        }
    }

    @Test
    void eventsSurviveARestartAndAreCountedOn() {
        say("BackOff", "x");
        say("Unhealthy", "y");
        for (int i = 0; i < 40; i++) {
            say("BackOff", "x");
        }
        List<EventRecord> before = events.list();
        assertThat(before.getLast().count()).isEqualTo(41);
        events.close();
        clock.pass(Duration.ofHours(1));
        events = open();
        assertThat(events.list()).isEqualTo(before);
        say("BackOff", "x");
        assertThat(events.list().getLast().count()).isEqualTo(42);
        assertThat(events.list().getLast().name()).isEqualTo(before.getLast().name());
        say("New", "z");
        assertThat(events.list().getLast().name())
                .isGreaterThan(before.getLast().name());
    }

    @Test
    @DisplayName("A08 a line cut by a death of the daemon costs that line alone")
    void a08TornTail() throws IOException {
        say("One", "x");
        say("Two", "x");
        events.close();
        String content = Files.readString(home.events());
        Files.writeString(home.events(), content + content.substring(0, 40), StandardOpenOption.TRUNCATE_EXISTING);
        events = open();
        assertThat(events.list()).extracting(EventRecord::reason).containsExactly("One", "Two");
        say("Three", "x");
        events.close();
        events = open();
        assertThat(events.list()).extracting(EventRecord::reason).containsExactly("One", "Two", "Three");
    }

    @Test
    void eventsOlderThanAWeekGo() {
        say("Old", "x");
        clock.pass(Duration.ofDays(6));
        say("Young", "x");
        clock.pass(Duration.ofDays(1).plusSeconds(1));
        assertThat(events.list()).extracting(EventRecord::reason).containsExactly("Young");
        // And when it happens again it is a new one.
        say("Old", "x");
        assertThat(events.list().getLast().count()).isEqualTo(1);
    }

    @Test
    void watchersSeeWhatThereIsAndThenEveryChange() {
        say("One", "x");
        var seen = new ArrayList<EventRecord>();
        var told = new ArrayList<Change>();
        var watch = events.watch(seen::addAll, told::add);
        say("One", "x");
        say("Two", "x");
        clock.pass(Duration.ofDays(8));
        assertThat(events.list()).isEmpty();
        watch.close();
        say("Three", "x");
        assertThat(seen).extracting(EventRecord::reason).containsExactly("One");
        assertThat(told)
                .extracting(Change::kind)
                .containsExactly(Change.Kind.MODIFIED, Change.Kind.ADDED, Change.Kind.DELETED, Change.Kind.DELETED);
    }

    @Test
    void aWatcherThatFailsDoesNotKeepOthersFromHearing() {
        var told = new ArrayList<Change>();
        events.watch(now -> {}, change -> {
            throw new IllegalStateException("broken on purpose");
        });
        events.watch(now -> {}, told::add);
        say("One", "x");
        say("Two", "x");
        assertThat(told).hasSize(2);
    }

    @Test
    void escapeSequencesDoNotReachATerminal() throws IOException {
        say("Bad", "\u001b[31mred\u001b[0m \u001b]0;title\u0007tab\there\r\nnext\u0000 \u009b1mc1 \u202egnp.exe");
        assertThat(events.list().getFirst().message()).isEqualTo("red tab here  next c1 gnp.exe");
        say("Long", "x".repeat(5_000));
        assertThat(events.list().getLast().message()).hasSize(1_024);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(home.events())))
                .isEqualTo("rw-------");
    }

    @Test
    @DisplayName("A09 a file that cannot be written costs nothing but the file, and is caught up with afterwards")
    void a09NotWritable() throws IOException {
        Path blocker = Files.createDirectory(home.events());
        say("One", "x");
        assertThat(events.trouble()).isNotNull();
        assertThat(events.list()).hasSize(1);
        Files.delete(blocker);
        say("Two", "x");
        assertThat(events.trouble()).isNull();
        events.close();
        events = open();
        assertThat(events.list()).extracting(EventRecord::reason).containsExactly("One", "Two");
    }
}
