package mlxstack.autostart;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What is wrong with a job, read from what {@code launchctl print} says of it. */
final class LaunchdFindings {
    private static final int OFTEN = 20;

    private LaunchdFindings() {}

    static List<String> of(Map<String, String> job, String target) {
        List<String> findings = new ArrayList<>();
        String exit = job.getOrDefault("last exit code", "");
        if (exit.startsWith("78")) {
            findings.add(
                    "launchd could not even start it (78, bad configuration): it may not write its log, or not read the"
                            + " launcher; see: launchctl print " + target);
        } else if (!job.containsKey("pid") && !exit.isEmpty() && !exit.startsWith("0") && !exit.startsWith("(")) {
            findings.add("it ended with code %s and is not running; see ~/Library/Logs/mlxstackd.log".formatted(exit));
        }
        String type = job.getOrDefault("spawn type", "interactive");
        if (!type.startsWith("interactive")) {
            findings.add("runs as %s: model servers are throttled; run: mlxstackctl install".formatted(type));
        }
        if (number(job.getOrDefault("runs", "0")) > OFTEN) {
            findings.add("started %s times since it was loaded; see ~/Library/Logs/mlxstackd.log"
                    .formatted(job.get("runs")));
        }
        return findings;
    }

    private static int number(String text) {
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            return 0;
        }
    }
}
