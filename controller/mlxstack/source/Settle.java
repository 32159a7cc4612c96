package mlxstack.source;

import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Decides when bytes have settled. A value: each observation gives the next one, a verdict, and the time at which it
 * wants another observation. No clock, no file.
 *
 * <p>Quiet means unchanged bytes, never absence of events. Bytes that would only add, and end a line, are believed after
 * {@link Limits#gentle()}; all others after {@link Limits#harsh()}, and so are bytes that were seen to change again while
 * they were being watched: that is somebody writing slowly, and a prefix of a list of things to add is harmless by itself.
 * No bytes at all are never accepted; for {@link Limits#harsh()} they are taken for an editor's work in progress.
 *
 * @param accepted the latest text that was accepted; null before the first
 * @param pending what is being watched; null when all is quiet
 * @param gone the reason last told for there being no bytes; null since there are some
 * @param uneasy something was told that only another acceptance takes back
 */
public record Settle(
        Limits limits,
        Seen.@Nullable Text accepted,
        @Nullable Pending pending,
        @Nullable String gone,
        boolean uneasy) {

    /** {@link Step#again} when only the next poll is awaited. */
    public static final long NEVER = Long.MAX_VALUE;

    /**
     * How long bytes must lie unchanged.
     *
     * @param unsettled after so long without an acceptance people are told
     */
    public record Limits(Duration gentle, Duration harsh, Duration unsettled) {
        public static final Limits DEFAULT =
                new Limits(Duration.ofMillis(30), Duration.ofMillis(300), Duration.ofSeconds(3));
    }

    /** What one look saw, as far as settling is concerned. */
    public sealed interface Seen {

        /** @param endsInNewline whether the last byte ends a line */
        record Text(String digest, Path realPath, boolean endsInNewline, Harm harm) implements Seen {
            boolean same(@Nullable Text other) {
                return other != null && digest.equals(other.digest) && realPath.equals(other.realPath);
            }
        }

        /** No file, an empty one, or one that cannot be read. */
        record Nothing(String why) implements Seen {}
    }

    /**
     * A change being watched.
     *
     * @param text null while there are no bytes
     * @param since when {@code text} was first seen, or the bytes first found gone
     * @param began when the first deviation from what is accepted was seen
     * @param rewrites how often the bytes have changed since then
     * @param told whether people know that it goes on for long
     */
    public record Pending(Seen.@Nullable Text text, long since, long began, int rewrites, boolean told) {
        Pending asTold() {
            return new Pending(text, since, began, rewrites, true);
        }
    }

    /** What an observation led to. */
    public enum Verdict {
        /** Nothing to tell. */
        WAIT,
        /** {@link Settle#accepted} is new, or proven again after {@link #GONE} or {@link #UNSETTLED}. */
        ACCEPTED,
        /** There are no bytes, for {@link Settle#gone}. */
        GONE,
        /** The bytes keep changing. */
        UNSETTLED
    }

    /** @param again time at which the next observation is wanted, or {@link #NEVER} */
    public record Step(Settle next, Verdict verdict, long again) {}

    public static Settle start(Limits limits) {
        return new Settle(limits, null, null, null, false);
    }

    /** Whether the latest observation left nothing open. */
    public boolean quiet() {
        return pending == null;
    }

    /** An observation that took no time. */
    public Step observe(long at, Seen seen) {
        return observe(at, at, seen);
    }

    /**
     * @param began nanoseconds; bytes seen before have been unchanged at least until then
     * @param ended nanoseconds; new bytes have been unchanged at most since then
     */
    public Step observe(long began, long ended, Seen seen) {
        return switch (seen) {
            case Seen.Text text -> text(began, ended, text);
            case Seen.Nothing nothing -> nothing(began, ended, nothing);
        };
    }

    private Step text(long began, long ended, Seen.Text text) {
        if (text.same(accepted) && !uneasy) {
            return new Step(new Settle(limits, accepted, null, null, false), Verdict.WAIT, NEVER);
        }
        Pending now;
        if (pending == null) {
            now = new Pending(text, ended, ended, 0, false);
        } else if (pending.text == null) {
            now = new Pending(text, ended, pending.began, pending.rewrites, pending.told);
        } else if (text.same(pending.text)) {
            now = pending;
        } else {
            now = new Pending(text, ended, pending.began, pending.rewrites + 1, pending.told);
        }
        boolean hurry = text.harm().mayHurry() && text.endsInNewline() && now.rewrites == 0;
        long ripe = now.since + (hurry ? limits.gentle : limits.harsh).toNanos();
        if (began >= ripe) {
            return new Step(new Settle(limits, text, null, null, false), Verdict.ACCEPTED, NEVER);
        }
        return waiting(now, ended, ripe);
    }

    private Step nothing(long began, long ended, Seen.Nothing nothing) {
        if (pending == null && nothing.why().equals(gone)) {
            return new Step(this, Verdict.WAIT, NEVER);
        }
        Pending now;
        if (pending == null) {
            now = new Pending(null, ended, ended, 0, false);
        } else if (pending.text == null) {
            now = pending;
        } else {
            now = new Pending(null, ended, pending.began, pending.rewrites + 1, pending.told);
        }
        long ripe = now.since + limits.harsh.toNanos();
        if (began >= ripe) {
            return new Step(new Settle(limits, accepted, null, nothing.why(), true), Verdict.GONE, NEVER);
        }
        return waiting(now, ended, ripe);
    }

    private Step waiting(Pending now, long ended, long ripe) {
        long patience = now.began + limits.unsettled.toNanos();
        if (now.told) {
            return new Step(new Settle(limits, accepted, now, gone, uneasy), Verdict.WAIT, ripe);
        }
        if (ended >= patience) {
            return new Step(new Settle(limits, accepted, now.asTold(), gone, true), Verdict.UNSETTLED, ripe);
        }
        return new Step(new Settle(limits, accepted, now, gone, uneasy), Verdict.WAIT, Math.min(ripe, patience));
    }
}
