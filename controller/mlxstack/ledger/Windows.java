package mlxstack.ledger;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.time.temporal.TemporalAdjusters;
import mlxstack.spec.Budget.Window;

/** The windows of budgets. Stateless. */
final class Windows {

    private Windows() {}

    /** From {@code start} to before {@code end}. */
    record Span(Instant start, Instant end) {
        boolean contains(Instant when) {
            return !when.isBefore(start) && when.isBefore(end);
        }
    }

    /**
     * The window of the calendar that {@code now} is in. A day is from midnight to midnight where the clock on the wall
     * has one, whatever its length; weeks begin on Monday.
     */
    static Span calendar(Window window, Instant now, ZoneId zone) {
        var there = now.atZone(zone);
        LocalDate day = there.toLocalDate();
        return switch (window) {
            case HOUR -> {
                var start = there.truncatedTo(ChronoUnit.HOURS).toInstant();
                yield new Span(start, start.plus(1, ChronoUnit.HOURS));
            }
            case DAY -> days(day, day.plusDays(1), zone);
            case WEEK -> {
                var monday = day.with(TemporalAdjusters.previousOrSame(java.time.DayOfWeek.MONDAY));
                yield days(monday, monday.plusWeeks(1), zone);
            }
            case MONTH -> {
                var first = day.withDayOfMonth(1);
                yield days(first, first.plusMonths(1), zone);
            }
        };
    }

    /** Midnight may not exist on a day on which clocks are set forward. */
    private static Span days(LocalDate from, LocalDate to, ZoneId zone) {
        return new Span(
                from.atStartOfDay(zone).toInstant(), to.atStartOfDay(zone).toInstant());
    }

    /** How long a rolling window is; a month is thirty days. */
    static Duration length(Window window) {
        return switch (window) {
            case HOUR -> Duration.ofHours(1);
            case DAY -> Duration.ofDays(1);
            case WEEK -> Duration.ofDays(7);
            case MONTH -> Duration.ofDays(30);
        };
    }

    /** A time no window that contains {@code now} begins before. */
    static Instant earliest(Window window, Instant now) {
        return now.minus(
                switch (window) {
                    case HOUR -> Duration.ofHours(3);
                    case DAY -> Duration.ofDays(2);
                    case WEEK -> Duration.ofDays(8);
                    case MONTH -> Duration.ofDays(32);
                });
    }
}
