package mlxstack.reconcile;

import io.vavr.collection.Vector;
import java.time.Duration;
import mlxstack.spec.Flapping;
import mlxstack.spec.RestartPolicy.Backoff;

/** What follows a failure: back-off, and the hold of what flaps. */
final class Failures {

    private Failures() {}

    /** One more unplanned end: count it, and say how long the next start has to wait. */
    static void count(Work work, Unit.Builder u, String what) {
        Now now = work.now;
        Backoff backoff = u.spec.policy().restart().backoff();
        Flapping flapping = u.spec.policy().flapping();
        int failures = u.streak.failures() + 1;
        long since = now.awake() - flapping.window().toNanos();
        Vector<Long> recent = u.streak.recent().filter(at -> at > since).append(now.awake());
        int most = Math.max(1, flapping.restarts());
        if (recent.length() > most) {
            recent = recent.drop(recent.length() - most);
        }
        boolean held = u.streak.flapping() || (flapping.restarts() > 0 && recent.length() >= flapping.restarts());
        Duration hold = null;
        Duration delay;
        Wait.Reason reason;
        if (held && flapping.restarts() > 0) {
            Duration last = u.streak.hold();
            hold = last == null ? flapping.holdInitial() : min(last.multipliedBy(2), flapping.holdMax());
            delay = hold;
            reason = Wait.Reason.HOLD;
            if (last == null) {
                work.warn(
                        u.spec.name(),
                        "Flapping",
                        "%d restarts within %s; held, next trial in %s"
                                .formatted(recent.length(), text(flapping.window()), text(hold)));
            }
        } else {
            delay = delay(backoff, failures, work.stack.seed(), u.spec.name(), u.launch);
            reason = Wait.Reason.BACK_OFF;
        }
        Wait waiting =
                new Wait(reason, now.bootId(), now.in(delay), delay, now.wall().plus(delay));
        u.streak = new Streak(u.streak.restarts() + 1, failures, waiting, recent, hold, u.streak.cutShort());
        work.note(u, what + "; next start in " + text(delay) + " (failure " + failures + " in a row)");
        work.warn(
                u.spec.name(),
                "BackOff",
                "back-off %s restarting failed process %s".formatted(text(delay), u.spec.name()));
    }

    /** {@code min(max, initial * factor^n)} plus up to {@code jitter} of it, the same for equal arguments. */
    static Duration delay(Backoff backoff, int failures, long seed, String name, long launch) {
        double initial = backoff.initial().toNanos();
        double grown = initial * Math.pow(backoff.factor(), failures - 1);
        double capped = Math.min((double) backoff.max().toNanos(), grown);
        double share = (mix(seed ^ (name.hashCode() * 0x9E3779B97F4A7C15L) ^ launch) >>> 11) * 0x1.0p-53;
        return Duration.ofNanos((long) (capped + capped * backoff.jitter() * share));
    }

    /** A well-mixed hash of 64 bits: jitter without randomness. */
    static long mix(long z) {
        long a = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        long b = (a ^ (a >>> 27)) * 0x94D049BB133111EBL;
        return b ^ (b >>> 31);
    }

    private static Duration min(Duration a, Duration b) {
        return a.compareTo(b) <= 0 ? a : b;
    }

    /** For people: whole seconds from ten seconds up, tenths below. */
    static String text(Duration d) {
        if (d.toMinutes() >= 2) {
            long s = d.toSeconds() % 60;
            return d.toMinutes() + "m" + (s == 0 ? "" : s + "s");
        }
        long millis = d.toMillis();
        return millis >= 10_000 || millis % 1000 == 0
                ? millis / 1000 + "s"
                : millis < 1000 ? millis + "ms" : String.format(java.util.Locale.ROOT, "%.1fs", millis / 1000.0);
    }
}
