package mlxstack.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import mlxstack.reconcile.Effect;
import mlxstack.reconcile.Event;
import mlxstack.reconcile.Now;
import mlxstack.reconcile.Reconciler;
import mlxstack.reconcile.StackRecord;
import mlxstack.reconcile.State;
import mlxstack.reconcile.Step;
import mlxstack.spec.Probe;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReplayTest {

    @TempDir
    Path dir;

    private final Json json = new Json();

    /** Decides like a core of no sense: whatever it was told and had been told before makes it do something. */
    private Step toy(State state, Event event, Now now) {
        long seed = Objects.hash(
                json.text(event), now.awake(), now.bootId(), now.wall().toString(), state.memoryTotal());
        var random = new RandomValues(seed);
        var effects = new ArrayList<Effect>();
        if (!(event instanceof Event.ProbeResult p) || p.outcome() != Event.Outcome.SUCCESS) {
            for (long i = Math.floorMod(seed, 4); i > 0; i--) {
                effects.add(random.of(Effect.class));
            }
        }
        return new Step(Records.with(state, "memoryTotal", seed), effects);
    }

    /** @return the number of effects */
    private long record(long seed, String life, int events, long limit) {
        var random = new Random(seed);
        var values = new RandomValues(seed);
        long effects = 0;
        State state = State.initial(new StackRecord("cafe", seed, Map.of("a", 8000), null, null));
        long awake = 1_000_000_007L;
        Instant wall = Instant.parse("2026-03-01T10:00:00.000000123Z");
        try (var journal = new Journal(dir, "build", life, limit, events + 1)) {
            for (int i = 0; i < events; i++) {
                long passed = random.nextInt(1_000_000_000);
                awake += passed;
                // The wall clock drifts and sometimes jumps, also back.
                wall = wall.plusNanos(passed + random.nextInt(2_000) - 900 + (i % 50 == 0 ? -3_600_000_000_000L : 0));
                var now = new Now(awake, "boot", wall);
                Event event = random.nextInt(3) > 0
                        ? new Event.ProbeResult(
                                "p" + random.nextInt(5), 1, Probe.Kind.READINESS, Event.Outcome.SUCCESS, "")
                        : values.of(Event.class);
                Step step = toy(state, event, now);
                journal.append(state, event, now, step.effects());
                effects += step.effects().size();
                state = step.state();
            }
        }
        return effects;
    }

    private Replay.Report replay() throws IOException {
        return Replay.replay(dir, this::toy);
    }

    @Test
    void aRecordedRunIsReplayedIdentically() throws IOException {
        long effects = record(1, "one", 500, Journal.LIMIT);
        assertThat(replay()).isEqualTo(new Replay.Report(1, 500, effects, 0, null, List.of()));
    }

    @Test
    void soAreSeveralSegmentsOfSeveralLives() throws IOException {
        long effects = record(1, "one", 400, 320_000) + record(2, "two", 400, 640_000);
        Replay.Report report = replay();
        assertThat(report.segments()).isGreaterThan(4);
        assertThat(report).isEqualTo(new Replay.Report(report.segments(), 800, effects, 0, null, List.of()));
        // Each segment stands for itself, too.
        long events = 0;
        for (Path file : Segments.in(dir)) {
            events += Replay.replay(file, this::toy).events();
        }
        assertThat(events).isEqualTo(800);
    }

    @Test
    void aLineCutByADeathIsAsIfNotThere() throws IOException {
        record(1, "one", 100, Journal.LIMIT);
        Path file = Segments.in(dir).getFirst();
        String text = Files.readString(file);
        Files.writeString(file, text.substring(0, text.length() - 5), StandardOpenOption.TRUNCATE_EXISTING);
        assertThat(replay().identical()).isTrue();
        assertThat(replay().events()).isEqualTo(99);
    }

    @Test
    void anotherEffectIsReportedWithItsPlaceWhatWasAndWhatIs() throws IOException {
        record(1, "one", 300, Journal.LIMIT);
        Path file = Segments.in(dir).getFirst();
        List<String> lines = new ArrayList<>(Files.readAllLines(file));
        int line = 0;
        for (int i = 100; i < lines.size() && line == 0; i++) {
            if (lines.get(i).contains("\"effects\":[\"")) {
                lines.set(
                        i,
                        lines.get(i)
                                .replaceFirst(
                                        "\"effects\":\\[\"(?:[^\"\\\\]|\\\\.)*\"",
                                        "\"effects\":[\"Spawn primary#3 00000000\""));
                line = i + 1;
            }
        }
        Files.write(file, lines);
        var difference = replay().difference();
        assertThat(difference).isNotNull();
        assertThat(Objects.requireNonNull(difference).line()).isEqualTo(line);
        assertThat(difference.number()).isEqualTo(line - 1);
        assertThat(difference.effect()).isEqualTo(1);
        assertThat(difference.expected()).isEqualTo("Spawn primary#3 00000000");
        assertThat(difference.actual()).isNotNull().isNotEqualTo(difference.expected());
        assertThat(difference.detail()).startsWith("{\"@\":\"");
        assertThat(difference.message())
                .contains(file + ":" + line + ": event " + (line - 1) + ", effect 1 differs")
                .contains("expected: Spawn primary#3 00000000");
    }

    @Test
    void anEffectTooManyAndOneTooFewAreDifferences() throws IOException {
        record(1, "one", 50, Journal.LIMIT);
        var more = Replay.replay(dir, (state, event, now) -> {
            Step step = toy(state, event, now);
            var effects = new ArrayList<>(step.effects());
            effects.add(new Effect.CancelTimer("extra"));
            return new Step(step.state(), effects);
        });
        var extra = Objects.requireNonNull(more.difference());
        assertThat(extra.number()).isEqualTo(1);
        assertThat(extra.expected()).isNull();
        assertThat(extra.actual()).startsWith("CancelTimer extra ");
        var fewer = Replay.replay(
                dir, (state, event, now) -> new Step(toy(state, event, now).state(), List.of()));
        var missing = Objects.requireNonNull(fewer.difference());
        assertThat(missing.expected()).isNotNull();
        assertThat(missing.message()).contains("actual:   nothing more");
    }

    @Test
    void anotherStateThatShowsInNoEffectIsFoundAtTheNextSegment() throws IOException {
        record(1, "one", 400, 320_000);
        List<Path> files = Segments.in(dir);
        assertThat(files.size()).isGreaterThan(2);
        var report = Replay.replay(dir, (state, event, now) -> {
            Step step = toy(state, event, now);
            return new Step(Records.with(step.state(), "durable", false), step.effects());
        });
        var difference = Objects.requireNonNull(report.difference());
        assertThat(difference.file()).isEqualTo(files.get(1));
        assertThat(difference.line()).isEqualTo(1);
        assertThat(difference.message()).contains("state");
    }

    @Test
    void aChangedEventLeadsSomewhereElse() throws IOException {
        record(1, "one", 100, Journal.LIMIT);
        Path file = Segments.in(dir).getFirst();
        List<String> lines = new ArrayList<>(Files.readAllLines(file));
        int line = 0;
        for (int i = 1; i < lines.size() && line == 0; i++) {
            if (lines.get(i).contains("\"SUCCESS\"")) {
                lines.set(i, lines.get(i).replace("\"SUCCESS\"", "\"UNKNOWN\""));
                line = i + 1;
            }
        }
        Files.write(file, lines);
        var difference = Objects.requireNonNull(replay().difference());
        assertThat(difference.line()).isGreaterThanOrEqualTo(line);
    }

    @Test
    void missingAndUnreadableLinesAreNamed() throws IOException {
        record(1, "one", 100, Journal.LIMIT);
        Path file = Segments.in(dir).getFirst();
        List<String> lines = Files.readAllLines(file);
        int entry = 0;
        for (int i = 2; entry == 0; i++) {
            entry = lines.get(i).startsWith("{") && lines.get(i + 1).startsWith("{") ? i : 0;
        }

        var without = new ArrayList<>(lines);
        without.remove(entry);
        Files.write(file, without);
        assertThat(replay().problems())
                .singleElement()
                .isEqualTo(file + ":" + (entry + 1) + " is event " + (entry + 1) + ", expected event " + entry);

        var garbled = new ArrayList<>(lines);
        garbled.set(entry, "garbage");
        Files.write(file, garbled);
        assertThat(replay().problems()).singleElement().asString().contains(file + ":" + (entry + 1), "not JSON");
        assertThat(replay().events()).isEqualTo(entry - 1);

        Files.write(file, lines.subList(1, lines.size()));
        assertThat(replay().problems()).singleElement().asString().contains("does not begin with a head");

        Files.writeString(file, "");
        assertThat(replay().problems()).singleElement().asString().contains("no whole first line");
    }

    @Test
    void anExceptionIsADifferenceToo() throws IOException {
        record(1, "one", 10, Journal.LIMIT);
        var report = Replay.replay(dir, (state, event, now) -> {
            throw new IllegalStateException("broken on purpose");
        });
        assertThat(Objects.requireNonNull(report.difference()).actual()).contains("broken on purpose");
        assertThat(report.events()).isZero();
    }

    @Test
    @DisplayName("the core's own decisions are replayed identically")
    void theCoreReplays() throws IOException {
        State state = State.initial(new StackRecord("cafe", 7, Map.of(), null, null));
        try (var journal = new Journal(dir, "build", "life")) {
            long awake = 5;
            for (Event event : List.of(
                    new Event.Recovered(state.stack(), null, List.of(), List.of()),
                    new Event.MemoryObserved(1L << 34),
                    new Event.Resync())) {
                var now = new Now(awake++, "boot", Instant.EPOCH);
                Step step = Reconciler.step(state, event, now);
                journal.append(state, event, now, step.effects());
                state = step.state();
            }
        }
        var report = Replay.replay(dir, Reconciler::step);
        assertThat(report.identical()).isTrue();
        assertThat(report.events()).isEqualTo(3);
    }
}
