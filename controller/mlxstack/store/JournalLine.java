package mlxstack.store;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import mlxstack.reconcile.Event;
import mlxstack.reconcile.Now;
import mlxstack.reconcile.State;
import org.jspecify.annotations.Nullable;

/**
 * What stands in a segment of the journal: a {@link Head} on the first line, an {@link Entry} on each other one. An event
 * that came before and led to nothing is a {@link Repeat}, which is why a probe that goes well costs 25 bytes.
 */
sealed interface JournalLine {

    /** Of the journal's format. */
    int VERSION = 1;

    /**
     * @param build the program that wrote it
     * @param life identifies one run of the daemon
     * @param number of the first event; counts from 1 in each life
     * @param lost events of this life that are in no segment, because writing lagged or failed
     * @param state before the first event
     */
    record Head(int version, String build, String life, String bootId, long number, long lost, State state)
            implements JournalLine {}

    /**
     * One event and what it led to.
     *
     * @param id number that repeats refer to it by; null for events that do not repeat
     * @param effects as {@link Brief} has them
     */
    record Entry(
            long number,
            long awake,
            Instant wall,
            @Nullable String bootId,
            @Nullable Integer id,
            Event event,
            List<String> effects)
            implements JournalLine {
        public Entry {
            effects = List.copyOf(effects);
        }
    }

    /**
     * Written as {@code [awake,skew,id]}.
     *
     * @param awake nanoseconds since the line before
     * @param skew nanoseconds that the wall clock has gained on {@code awake} since the line before
     */
    record Repeat(long awake, long skew, int id) implements JournalLine {

        static Repeat of(Now before, Now now, int id) {
            long passed = now.awake() - before.awake();
            return new Repeat(
                    passed, Duration.between(before.wall(), now.wall()).toNanos() - passed, id);
        }

        Now after(Now before) {
            return new Now(
                    before.awake() + awake, before.bootId(), before.wall().plusNanos(awake + skew));
        }

        String text() {
            return "[" + awake + "," + skew + "," + id + "]";
        }

        /** Null when {@code line} is no repeat. */
        static @Nullable Repeat parse(String line) {
            String[] parts = line.substring(1, Math.max(1, line.length() - 1)).split(",", -1);
            if (parts.length != 3 || !line.endsWith("]")) {
                return null;
            }
            try {
                return new Repeat(Long.parseLong(parts[0]), Long.parseLong(parts[1]), Integer.parseInt(parts[2]));
            } catch (NumberFormatException e) {
                return null;
            }
        }
    }
}
