package mlxstack.route;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A level from what the client says of its work, not from its text. Points: how long an answer it wants (short 0, medium
 * 1, long 2), how rich the context is (low 0, medium 1, high 2), one more for work that was revised before, two more
 * where reasoning is required. What is not said counts as medium or no. 0 is trivial, 1 simple, 2 and 3 standard, 4 and 5
 * complex, 6 and 7 expert. Stateless.
 */
final class Declared {

    static final String OUTPUT = "output_length_target";
    static final String REVISIONS = "has_revision_history";
    static final String CONTEXT = "context_richness";
    static final String REASONING = "requires_reasoning";

    /** Tokens; to this an answer is short. */
    private static final double SHORT = 256;
    /** Tokens; to this it is medium. */
    private static final double MEDIUM = 2048;

    private static final int NEUTRAL = 1;

    private Declared() {}

    static Grade grade(Map<String, String> context) {
        var signals = new ArrayList<String>();
        int points = output(context.get(OUTPUT), signals) + richness(context.get(CONTEXT), signals);
        if (flag(REVISIONS, context.get(REVISIONS), signals)) {
            signals.add("revision_history");
            points += 1;
        }
        if (flag(REASONING, context.get(REASONING), signals)) {
            signals.add("requires_reasoning");
            points += 2;
        }
        if (signals.isEmpty()) {
            signals.add("undeclared");
        }
        return new Grade(level(points), null, signals);
    }

    private static String level(int points) {
        return switch (points) {
            case 0 -> "trivial";
            case 1 -> "simple";
            case 2, 3 -> Levels.STANDARD;
            case 4, 5 -> "complex";
            default -> "expert";
        };
    }

    private static int output(@Nullable String said, List<String> signals) {
        return scaled(OUTPUT, "output", said, List.of("short", "medium", "long"), SHORT, MEDIUM, signals);
    }

    private static int richness(@Nullable String said, List<String> signals) {
        return scaled(CONTEXT, "context", said, List.of("low", "medium", "high"), 1 / 3.0, 2 / 3.0, signals);
    }

    /**
     * The place of a word, or of a number by two limits that still belong to what is below them.
     *
     * @param said null or blank: no opinion
     */
    private static int scaled(
            String key,
            String signal,
            @Nullable String said,
            List<String> words,
            double low,
            double high,
            List<String> signals) {
        if (said == null || said.isBlank()) {
            return NEUTRAL;
        }
        int place = words.indexOf(said.strip().toLowerCase(Locale.ROOT));
        if (place < 0) {
            place = place(said.strip(), low, high);
        }
        if (place < 0) {
            signals.add("unreadable:" + key);
            return NEUTRAL;
        }
        signals.add(signal + "_" + words.get(place));
        return place;
    }

    private static int place(String text, double low, double high) {
        try {
            double number = Double.parseDouble(text);
            if (!(number >= 0)) {
                return -1;
            }
            return number <= low ? 0 : number <= high ? 1 : 2;
        } catch (NumberFormatException e) {
            return -1;
        }
    }

    /** Tokens of an answer to expect, for an estimate of what it costs: the most that may come would be too much. */
    static int expectedOutput(Map<String, String> context) {
        var said = context.get(OUTPUT);
        if (said != null && place(said.strip(), SHORT, MEDIUM) >= 0) {
            return (int) Math.min(Double.parseDouble(said.strip()), Integer.MAX_VALUE);
        }
        return switch (output(said, new ArrayList<>())) {
            case 0 -> 200;
            case 1 -> 800;
            default -> 3000;
        };
    }

    private static boolean flag(String key, @Nullable String said, List<String> signals) {
        if (said == null || said.isBlank()) {
            return false;
        }
        return switch (said.strip().toLowerCase(Locale.ROOT)) {
            case "true", "yes", "1" -> true;
            case "false", "no", "0" -> false;
            default -> {
                signals.add("unreadable:" + key);
                yield false;
            }
        };
    }
}
