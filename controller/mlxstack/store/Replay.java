package mlxstack.store;

import io.vavr.control.Either;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import mlxstack.reconcile.Effect;
import mlxstack.reconcile.Event;
import mlxstack.reconcile.Now;
import mlxstack.reconcile.State;
import mlxstack.reconcile.Step;
import mlxstack.store.SegmentReader.Happened;
import org.jspecify.annotations.Nullable;

/**
 * Runs a journal again and says where this program would have done something else.
 *
 * <p>One thread; holds one state.
 */
public final class Replay {

    private final Stepper stepper;
    private final Json json = new Json();
    private final List<String> problems = new ArrayList<>();
    private int segments;
    private long events;
    private long effects;
    private long lost;
    private @Nullable State state;
    private @Nullable String life;
    private long number;
    private @Nullable Difference difference;

    private Replay(Stepper stepper) {
        this.stepper = stepper;
    }

    /** The decision function; {@code Reconciler::step}. */
    public interface Stepper {
        Step step(State state, Event event, Now now);
    }

    /**
     * What came of it.
     *
     * @param lost events that are in no segment; the replay goes on from the state after them
     * @param difference the first one; nothing is run after it. Null when everything was as it was
     * @param problems what could not be read, one line each
     */
    public record Report(
            int segments,
            long events,
            long effects,
            long lost,
            @Nullable Difference difference,
            List<String> problems) {
        public Report {
            problems = List.copyOf(problems);
        }

        public boolean identical() {
            return difference == null && problems.isEmpty();
        }
    }

    /**
     * Where it went another way.
     *
     * @param line in {@code file}, from 1
     * @param number of the event, in its life of the daemon
     * @param event its JSON
     * @param effect which one of the event's effects, from 1; 0 when the state differs and not an effect
     * @param expected what was done then: a few words and a checksum; null is nothing more
     * @param actual what would be done now
     * @param detail the full JSON of {@code actual}
     */
    public record Difference(
            Path file,
            int line,
            long number,
            String event,
            int effect,
            @Nullable String expected,
            @Nullable String actual,
            @Nullable String detail) {

        public String message() {
            return "%s:%d: event %d, effect %d differs%n  event:    %s%n  expected: %s%n  actual:   %s%s"
                    .formatted(
                            file,
                            line,
                            number,
                            effect,
                            event,
                            expected == null ? "nothing more" : expected,
                            actual == null ? "nothing more" : actual,
                            detail == null ? "" : System.lineSeparator() + "            " + detail);
        }
    }

    /**
     * @param journal one segment, or a directory of them
     * @throws IOException when it cannot be read at all
     */
    public static Report replay(Path journal, Stepper stepper) throws IOException {
        var replay = new Replay(stepper);
        List<Path> files = Files.isDirectory(journal) ? Segments.in(journal) : List.of(journal);
        for (Path file : files) {
            replay.segment(file);
            if (replay.difference != null) {
                break;
            }
        }
        return new Report(
                replay.segments, replay.events, replay.effects, replay.lost, replay.difference, replay.problems);
    }

    private void segment(Path file) throws IOException {
        try (var reader = new SegmentReader(file, json)) {
            Either<String, JournalLine.Head> read = reader.head();
            if (read.isLeft()) {
                problems.add(file + " " + read.getLeft());
                state = null;
                return;
            }
            JournalLine.Head head = read.get();
            segments++;
            lost += head.lost();
            if (state != null
                    && head.life().equals(life)
                    && head.number() == number + 1
                    && !head.state().equals(state)) {
                difference = new Difference(
                        file,
                        1,
                        number,
                        "the end of the segment before",
                        0,
                        "the state on this line",
                        "another state",
                        null);
                return;
            }
            State current = head.state();
            life = head.life();
            for (Either<String, Happened> next = reader.next(); next != null; next = reader.next()) {
                if (next.isLeft()) {
                    problems.add(file + ":" + reader.line() + " " + next.getLeft());
                    state = null;
                    return;
                }
                Step step = run(file, current, next.get());
                if (step == null) {
                    return;
                }
                current = step.state();
            }
            state = current;
        }
    }

    /** Null when it went another way. */
    private @Nullable Step run(Path file, State before, Happened happened) {
        Step step;
        try {
            step = stepper.step(before, happened.event(), happened.now());
        } catch (RuntimeException e) {
            String expected =
                    happened.effects().isEmpty() ? null : happened.effects().getFirst();
            difference = differing(file, happened, 1, expected, "an exception: " + e, null);
            return null;
        }
        events++;
        number = happened.number();
        int count = Math.max(step.effects().size(), happened.effects().size());
        for (int i = 0; i < count; i++) {
            String expected = i < happened.effects().size() ? happened.effects().get(i) : null;
            Effect effect = i < step.effects().size() ? step.effects().get(i) : null;
            byte[] detail = effect == null ? null : json.bytes(effect);
            String actual = effect == null || detail == null ? null : Brief.of(effect, detail);
            if (!java.util.Objects.equals(expected, actual)) {
                difference =
                        differing(file, happened, i + 1, expected, actual, effect == null ? null : json.text(effect));
                return null;
            }
            effects++;
        }
        return step;
    }

    private Difference differing(
            Path file,
            Happened happened,
            int effect,
            @Nullable String expected,
            @Nullable String actual,
            @Nullable String detail) {
        return new Difference(
                file,
                happened.line(),
                happened.number(),
                json.text(happened.event()),
                effect,
                expected,
                actual,
                detail);
    }
}
