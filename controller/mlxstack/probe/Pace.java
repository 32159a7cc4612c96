package mlxstack.probe;

import java.time.Duration;
import mlxstack.spec.Probe;

/**
 * When the attempts of one probe are made. Start-up is asked often at first, so that a fast server is Ready at once;
 * the others as the kubelet does, in a fixed rhythm that an attempt longer than the period skips beats of. Confined to
 * the probe's thread; all times are nanoseconds of one clock.
 */
final class Pace {

    private static final long FASTEST = Duration.ofMillis(100).toNanos();
    private static final long SLOWEST = Duration.ofSeconds(1).toNanos();

    private final boolean startup;
    private final long period;
    private long pause;

    Pace(Probe.Kind kind, Probe probe) {
        startup = kind == Probe.Kind.STARTUP;
        period = Math.max(1, probe.period().toNanos());
        pause = Math.min(FASTEST, period);
    }

    /**
     * The first attempt.
     *
     * @param launched when the instance began, as far as this daemon knows: the initial delay counts from there
     * @param spread wait a part of the period instead, another one for each {@code number}
     */
    static long first(Probe probe, long now, long launched, boolean spread, int number) {
        if (spread) {
            // The golden ratio spreads consecutive numbers evenly, however many there will be.
            double part = number * 0.6180339887498949;
            return now + (long) (probe.period().toNanos() * (part - Math.floor(part)));
        }
        return Math.max(now, launched + probe.initialDelay().toNanos());
    }

    /** The one after an attempt that was due at {@code due} and over at {@code ended}. */
    long next(long due, long ended) {
        if (startup) {
            long next = ended + pause;
            pause = Math.min(pause + pause / 2, Math.min(SLOWEST, period));
            return next;
        }
        long beats = Math.max(1, Math.ceilDiv(ended - due, period));
        return due + beats * period;
    }
}
