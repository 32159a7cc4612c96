package mlxstack.spec;

import java.util.regex.Pattern;

/** What an unquoted scalar means: YAML 1.2's JSON words and plain decimal numbers; all else is text. */
final class Scalars {

    private static final Pattern INTEGER = Pattern.compile("-?(0|[1-9][0-9]{0,17})");
    private static final Pattern NUMBER = Pattern.compile("-?[0-9]{1,40}([.][0-9]{1,40})?([eE][-+]?[0-9]{1,3})?");
    /** Beyond this a double no longer tells neighbours apart. */
    private static final double EXACT = 1L << 53;

    private Scalars() {}

    static Node.Scalar plain(int line, int column, String text) {
        return switch (text) {
            case "", "~", "null" -> new Node.Scalar(line, column, Node.Type.NOTHING, "", text);
            case "true", "false" -> new Node.Scalar(line, column, Node.Type.BOOLEAN, text, text);
            default -> number(line, column, text);
        };
    }

    private static Node.Scalar number(int line, int column, String text) {
        if (INTEGER.matcher(text).matches()) {
            return new Node.Scalar(line, column, Node.Type.INTEGER, text.equals("-0") ? "0" : text, text);
        }
        boolean octalLooking = text.length() > 1 && text.charAt(0) == '0' && Character.isDigit(text.charAt(1));
        if (octalLooking || !NUMBER.matcher(text).matches()) {
            return new Node.Scalar(line, column, Node.Type.TEXT, text, text);
        }
        double value = Double.parseDouble(text);
        if (!Double.isFinite(value)) {
            return new Node.Scalar(line, column, Node.Type.TEXT, text, text);
        }
        return value == Math.rint(value) && Math.abs(value) < EXACT
                ? new Node.Scalar(line, column, Node.Type.INTEGER, Long.toString((long) value), text)
                : new Node.Scalar(line, column, Node.Type.NUMBER, Double.toString(value), text);
    }
}
