package mlxstack.daemon;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import mlxstack.spec.Durations;

/** What children themselves wrote down about their starts, and what the daemon says it decided. Confined to a test. */
final class Testimony {

    /** A shell's first words: the time of its start goes to {@code NAME.starts}. */
    static final String STARTED = "date +%s%N >> $MLX_NAME.starts; ";

    private static final Pattern DELAY = Pattern.compile("next start in (\\S+) \\(failure (\\d+) in a row\\)");

    private final Testbed<?> rig;

    Testimony(Testbed<?> rig) {
        this.rig = rig;
    }

    /** A process that is a shell; {@code fields} are lines of YAML. Neither holds single quotes. */
    static String shell(String name, String script, String... fields) {
        var text = new StringBuilder("  - name: %s\n    command: [sh, -c, '%s%s']\n    env: {MLX_NAME: %s}\n"
                .formatted(name, STARTED, script, name));
        for (String field : fields) {
            text.append("    ").append(field).append('\n');
        }
        return text.toString();
    }

    static String stack(String... processes) {
        return "processes:\n" + String.join("", processes);
    }

    /** Nanoseconds of wall time. */
    List<Long> starts(String name) {
        return rig.lines(name + ".starts").stream().map(Long::valueOf).toList();
    }

    /** Milliseconds from each start to the next. */
    List<Long> gaps(String name) {
        var starts = starts(name);
        var gaps = new ArrayList<Long>();
        for (int i = 1; i < starts.size(); i++) {
            gaps.add((starts.get(i) - starts.get(i - 1)) / 1_000_000);
        }
        return gaps;
    }

    /** How long a failure had to wait, and the how manieth in a row it was. */
    record Delay(Duration length, int failure) {}

    /** The latest ones, oldest first. */
    List<Delay> delays(String name) {
        var matcher = DELAY.matcher(rig.ok("why", name));
        var found = new ArrayList<Delay>();
        while (matcher.find()) {
            found.add(new Delay(
                    Objects.requireNonNull(Durations.parse(matcher.group(1))), Integer.parseInt(matcher.group(2))));
        }
        return found;
    }

    Delay lastDelay(String name) {
        return delays(name).getLast();
    }
}
