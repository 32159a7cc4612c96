package mlxstack.harness;

/**
 * Why a user's file cannot be changed.
 *
 * @param line from 1
 * @param column from 1, in characters
 * @param message what was found and what was expected; one line
 */
record Flaw(int line, int column, String message) {

    /** At an offset in chars. */
    static Flaw at(String text, int offset, String message) {
        int end = Math.clamp(offset, 0, text.length());
        int newline = end == 0 ? -1 : text.lastIndexOf('\n', end - 1);
        int line =
                1 + (int) text.substring(0, end).chars().filter(c -> c == '\n').count();
        return new Flaw(line, text.codePointCount(newline + 1, end) + 1, message);
    }
}
