package mlxstack.cli;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Locale;
import mlxstack.pull.Sizes;

/** Works out rate and remaining time of what comes. Not thread-safe; times are given, in nanoseconds. */
final class PullMeter {

    private static final long WINDOW = Duration.ofSeconds(10).toNanos();
    private static final int CELLS = 24;

    private record Sample(long at, long came) {}

    private final long total;
    private final ArrayDeque<Sample> samples = new ArrayDeque<>();
    private long done;
    private long came;

    /** @param done bytes that were here before */
    PullMeter(long total, long done, long now) {
        this.total = total;
        this.done = done;
        samples.add(new Sample(now, 0));
    }

    void done(long bytes) {
        done += bytes;
    }

    void came(long bytes) {
        came += bytes;
    }

    /** To be called at least each time something is shown. */
    void tick(long now) {
        samples.add(new Sample(now, came));
        while (samples.size() > 2 && now - samples.getFirst().at() > WINDOW) {
            samples.removeFirst();
        }
    }

    long bytes() {
        return Math.clamp(done, 0, total);
    }

    long total() {
        return total;
    }

    /** 0 to 100; 100 only at the end. */
    int percent() {
        return total == 0 ? 100 : (int) (bytes() * 100 / total);
    }

    /** Bytes a second over the last ten seconds; 0 while nothing is known. */
    long rate() {
        var first = samples.getFirst();
        var last = samples.getLast();
        long time = last.at() - first.at();
        return time <= 0 ? 0 : (long) ((last.came() - first.came()) * 1e9 / time);
    }

    /** {@code 42%  1.9 GB of 4.5 GB  38 MB/s  1m12s left}. */
    String text() {
        long rate = rate();
        var text = new StringBuilder(
                String.format(Locale.ROOT, "%3d%%  %s of %s", percent(), Sizes.text(bytes()), Sizes.text(total)));
        if (rate > 0) {
            text.append("  ").append(Sizes.text(rate)).append("/s");
            if (bytes() < total) {
                text.append("  ").append(time((total - bytes()) / rate)).append(" left");
            }
        }
        return text.toString();
    }

    /** @param columns of the terminal */
    String bar(String name, int columns) {
        int full = (int) (CELLS * (long) percent() / 100);
        String line = "%s  [%s%s] %s".formatted(name, "#".repeat(full), ".".repeat(CELLS - full), text());
        int room = Math.max(20, columns - 1);
        if (line.length() > room) {
            line = text();
        }
        return line.length() > room ? line.substring(0, room) : line;
    }

    /** {@code 8s}, {@code 1m12s}, {@code 2h05m}. */
    static String time(long seconds) {
        if (seconds < 60) {
            return seconds + "s";
        }
        return seconds < 3600
                ? String.format(Locale.ROOT, "%dm%02ds", seconds / 60, seconds % 60)
                : String.format(Locale.ROOT, "%dh%02dm", seconds / 3600, seconds % 3600 / 60);
    }
}
