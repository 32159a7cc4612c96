package mlxstack.ledger;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayDeque;
import mlxstack.spec.Budget.Window;

/** What was spent within one window, in a unit of the caller's. Confined to one thread; time is passed in. */
sealed interface Meter {

    /** @param when it counts for: what lies outside the window of {@code now} is left out */
    void add(Instant when, long amount, Instant now);

    long sum(Instant now);

    /** The first time at which {@code amount} of the sum no longer counts; the end of the window when there is less. */
    Instant frees(long amount, Instant now);

    static Meter of(Window window, boolean rolling, ZoneId zone) {
        return rolling ? new Rolling(Windows.length(window)) : new Calendar(window, zone);
    }

    /** A window that begins anew for all at once. */
    final class Calendar implements Meter {

        private final Window window;
        private final ZoneId zone;
        private Windows.Span span = new Windows.Span(Instant.MIN, Instant.MIN);
        private long sum;

        Calendar(Window window, ZoneId zone) {
            this.window = window;
            this.zone = zone;
        }

        @Override
        public void add(Instant when, long amount, Instant now) {
            roll(now);
            if (span.contains(when)) {
                sum = plus(sum, amount);
            }
        }

        @Override
        public long sum(Instant now) {
            roll(now);
            return sum;
        }

        @Override
        public Instant frees(long amount, Instant now) {
            roll(now);
            return span.end();
        }

        /** A clock that was set back does not give spent money back. */
        private void roll(Instant now) {
            if (!now.isBefore(span.end())) {
                span = Windows.calendar(window, now, zone);
                sum = 0;
            }
        }
    }

    /** A window that ends now. It moves in sixtieths of its length, and what is partly in it counts in full. */
    final class Rolling implements Meter {

        private static final int SLOTS = 60;

        private final long length;
        private final long slot;
        private final ArrayDeque<Slot> slots = new ArrayDeque<>();
        private long sum;

        /** @param number of the slot since 1970 */
        private record Slot(long number, long amount) {}

        Rolling(Duration length) {
            this.length = length.toMillis();
            this.slot = this.length / SLOTS;
        }

        @Override
        public void add(Instant when, long amount, Instant now) {
            long number = Math.floorDiv(when.toEpochMilli(), slot);
            if (ended(number, now)) {
                return;
            }
            sum = plus(sum, amount);
            var later = new ArrayDeque<Slot>();
            while (!slots.isEmpty() && slots.peekLast().number() > number) {
                later.addFirst(slots.removeLast());
            }
            var last = slots.peekLast();
            if (last != null && last.number() == number) {
                slots.removeLast();
                slots.addLast(new Slot(number, plus(last.amount(), amount)));
            } else {
                slots.addLast(new Slot(number, amount));
            }
            slots.addAll(later);
        }

        private boolean ended(long number, Instant now) {
            return (number + 1) * slot <= now.toEpochMilli() - length;
        }

        @Override
        public long sum(Instant now) {
            while (!slots.isEmpty() && ended(slots.getFirst().number(), now)) {
                sum -= slots.removeFirst().amount();
            }
            return sum;
        }

        @Override
        public Instant frees(long amount, Instant now) {
            sum(now);
            long left = amount;
            Instant when = now;
            for (Slot each : slots) {
                when = Instant.ofEpochMilli((each.number() + 1) * slot + length);
                left -= each.amount();
                if (left <= 0) {
                    break;
                }
            }
            return when;
        }
    }

    private static long plus(long a, long b) {
        long sum = a + b;
        return sum < 0 && a > 0 && b > 0 ? Long.MAX_VALUE : sum;
    }
}
