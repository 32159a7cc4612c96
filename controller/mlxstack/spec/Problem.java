package mlxstack.spec;

import java.util.Comparator;

/**
 * One mistake in a stack file.
 *
 * @param file the file as it was named by the caller
 * @param line from 1
 * @param column from 1
 * @param path of the field, as in {@code spec.endpoints[0].port}; empty for the file as a whole
 * @param message what was found, what was expected and how to put it right; one line, without secrets
 */
public record Problem(String file, int line, int column, String path, String message) implements Comparable<Problem> {

    private static final Comparator<Problem> IN_FILE_ORDER = Comparator.comparingInt(Problem::line)
            .thenComparingInt(Problem::column)
            .thenComparing(Problem::path)
            .thenComparing(Problem::message);

    @Override
    public int compareTo(Problem other) {
        return IN_FILE_ORDER.compare(this, other);
    }

    /** As compilers print it, so that editors can jump to it. */
    @Override
    public String toString() {
        return file + ":" + line + ":" + column + ": " + (path.isEmpty() ? "" : path + ": ") + message;
    }
}
