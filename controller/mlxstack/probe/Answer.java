package mlxstack.probe;

import mlxstack.reconcile.Event.Outcome;
import mlxstack.reconcile.Obstacle;
import org.jspecify.annotations.Nullable;

/**
 * What came of one attempt.
 *
 * @param message one line for people
 * @param foreign who answered instead of the process that should have
 */
record Answer(Outcome outcome, String message, Obstacle.@Nullable PortInUse foreign) {

    private static final int LONGEST = 300;

    static Answer success(String message) {
        return new Answer(Outcome.SUCCESS, message, null);
    }

    static Answer failure(String message) {
        return new Answer(Outcome.FAILURE, message, null);
    }

    /** The probe itself could not be run. */
    static Answer unknown(String message) {
        return new Answer(Outcome.UNKNOWN, message, null);
    }

    static Answer foreign(Obstacle.PortInUse holder) {
        return new Answer(
                Outcome.FAILURE,
                holder.message() + ", which is not this process; stop that one, or give this one another port",
                holder);
    }

    boolean succeeded() {
        return outcome == Outcome.SUCCESS;
    }

    /** What somebody else wrote, made fit for one line: an empty text, or a blank and the first of it. */
    static String quote(String text) {
        var line = new StringBuilder();
        for (int i = 0; i < text.length() && line.length() < LONGEST; i++) {
            char c = text.charAt(i);
            boolean blank = Character.isWhitespace(c) || Character.isISOControl(c);
            if (!blank) {
                line.append(c);
            } else if (!line.isEmpty() && line.charAt(line.length() - 1) != ' ') {
                line.append(' ');
            }
        }
        var quoted = line.toString().strip();
        return quoted.isEmpty() ? "" : " " + quoted + (text.length() > LONGEST ? "…" : "");
    }
}
