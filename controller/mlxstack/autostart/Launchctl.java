package mlxstack.autostart;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import mlxstack.autostart.CommandRunner.Answer;
import org.jspecify.annotations.Nullable;

/**
 * The parts of a conversation with {@code launchctl}, with what its exit codes turn out to mean.
 *
 * <p>5 from {@code bootstrap}: the old job is still being torn down, or its label is disabled, or there is no such
 * session; 17, 37 and 133: it is loaded already; 125: the domain is not there. 3 and 113: no such job.
 */
final class Launchctl {
    static final int NO_DOMAIN = 125;

    private static final int[] LOADED_ALREADY = {17, 37, 133};
    private static final int[] NO_SUCH_JOB = {3, 113};
    private static final int TRIES = 20;
    private static final Duration BETWEEN = Duration.ofMillis(500);
    private static final Pattern TOP_LEVEL = Pattern.compile("(?m)^\\t([a-z ]+) = (.*)$");

    private final CommandRunner commands;
    private final Autostart.Pause pause;
    private final String label;

    Launchctl(CommandRunner commands, Autostart.Pause pause, String label) {
        this.commands = commands;
        this.pause = pause;
        this.label = label;
    }

    boolean hasDomain(String domain) {
        return commands.run("launchctl", "print", domain).ok();
    }

    /** What launchd says of the job, the outermost values only; null when it does not know it. */
    @Nullable
    Map<String, String> job(String domain) {
        Answer answer = commands.run("launchctl", "print", domain + "/" + label);
        if (!answer.ok()) {
            return null;
        }
        Map<String, String> values = new HashMap<>();
        Matcher matcher = TOP_LEVEL.matcher(answer.out());
        while (matcher.find()) {
            values.putIfAbsent(matcher.group(1), matcher.group(2).strip());
        }
        return values;
    }

    /** A label that was once disabled, here or in System Settings, is refused with a code that does not say so. */
    boolean disabled(String domain) {
        String out = commands.run("launchctl", "print-disabled", domain).out();
        return Pattern.compile("\"" + Pattern.quote(label) + "\" => (disabled|true)")
                .matcher(out)
                .find();
    }

    Answer enable(String domain) {
        return commands.run("launchctl", "enable", domain + "/" + label);
    }

    /** Tried again while the answer is 5, for ten seconds: a job's end takes as long as it takes. */
    Answer bootstrap(String domain, Path file) {
        Answer answer = commands.run("launchctl", "bootstrap", domain, file.toString());
        for (int i = 1; i < TRIES && answer.exit() == 5; i++) {
            pause.of(BETWEEN);
            answer = commands.run("launchctl", "bootstrap", domain, file.toString());
        }
        return in(LOADED_ALREADY, answer.exit()) ? new Answer(0, answer.out()) : answer;
    }

    /** Returns when the job is gone, or not within the time it has to end. */
    Answer bootout(String domain) {
        Answer answer = commands.run("launchctl", "bootout", domain + "/" + label);
        if (in(NO_SUCH_JOB, answer.exit())) {
            return new Answer(0, "");
        }
        // Its own answer may come first: "operation now in progress", 36.
        for (int i = 0; i < TRIES * 6; i++) {
            if (job(domain) == null) {
                return new Answer(0, "");
            }
            pause.of(BETWEEN);
        }
        return answer.ok() ? new Answer(1, "the job does not end") : answer;
    }

    /**
     * Starts it unless it runs. Never with {@code -k}, which kills what bootstrap has just started. Needed after each
     * bootstrap: while the login is still in progress launchd puts off whatever nobody asks for.
     */
    Answer kickstart(String domain) {
        Answer answer = commands.run("launchctl", "kickstart", domain + "/" + label);
        return in(LOADED_ALREADY, answer.exit()) ? new Answer(0, answer.out()) : answer;
    }

    private static boolean in(int[] codes, int code) {
        for (int c : codes) {
            if (c == code) {
                return true;
            }
        }
        return false;
    }
}
