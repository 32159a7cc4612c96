package mlxstack.spec;

/** How a message names what was found: short, on one line. */
final class Found {

    private static final int LONGEST = 60;

    private Found() {}

    /** In double quotes, cut if long, control characters escaped. */
    static String quoted(String text) {
        var out = new StringBuilder("\"");
        int length = Math.min(text.length(), LONGEST);
        if (length < text.length() && Character.isHighSurrogate(text.charAt(length - 1))) {
            length--;
        }
        for (int i = 0; i < length; i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\n' -> out.append("\\n");
                case '\t' -> out.append("\\t");
                default -> {
                    if (Character.isISOControl(c) || c == '\u2028' || c == '\u2029' || c == '\ufeff') {
                        out.append("\\u%04x".formatted((int) c));
                    } else {
                        out.append(c);
                    }
                }
            }
        }
        return out.append(length < text.length() ? "…\"" : "\"").toString();
    }

    /** @param secret whether the value must not be shown */
    static String value(Node node, boolean secret) {
        return switch (node) {
            case Node.Mapping mapping -> mapping.entries().isEmpty() ? "an empty mapping" : "a mapping";
            case Node.Sequence sequence -> sequence.items().isEmpty() ? "an empty list" : "a list";
            case Node.Scalar scalar ->
                switch (scalar.type()) {
                    case TEXT -> secret ? "text" : quoted(scalar.text());
                    case INTEGER, NUMBER -> secret ? "a number" : "the number " + cut(scalar.written());
                    case BOOLEAN -> secret ? "true or false" : scalar.text();
                    case NOTHING -> "nothing";
                };
        };
    }

    private static String cut(String digits) {
        return digits.length() <= LONGEST ? digits : digits.substring(0, LONGEST) + "…";
    }
}
