package mlxstack.cli;

import io.vavr.control.Either;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The JSONPath templates of {@code kubectl}: text with {@code {.path}}, {@code {range .path}…{end}} and {@code {"text"}}
 * in it. Without braces the whole is one path.
 */
record JsonPath(List<Piece> pieces) {

    JsonPath {
        pieces = List.copyOf(pieces);
    }

    sealed interface Piece {}

    record Text(String text) implements Piece {}

    record Value(JsonSteps path) implements Piece {}

    record Range(JsonSteps path, List<Piece> body) implements Piece {}

    /** Left: what is wrong with {@code template}. */
    static Either<String, JsonPath> parse(String template) {
        String text = template.contains("{")
                ? template
                : "{" + (template.startsWith(".") || template.startsWith("[") ? "" : ".") + template + "}";
        try {
            var parser = new Parser(text);
            var pieces = parser.pieces(false);
            return Either.right(new JsonPath(pieces));
        } catch (JsonSteps.Malformed e) {
            return Either.left("error parsing jsonpath " + template + ": " + e.getMessage());
        }
    }

    /** What the template says about {@code root}. */
    String render(JsonNode root) {
        var out = new StringBuilder();
        render(pieces, root, root, out);
        return out.toString();
    }

    /** All values of the first path, unrendered. */
    List<JsonNode> values(JsonNode root) {
        return pieces.stream()
                .filter(p -> p instanceof Value)
                .findFirst()
                .map(p -> ((Value) p).path().from(root, root))
                .orElse(List.of());
    }

    private static void render(List<Piece> pieces, JsonNode root, JsonNode here, StringBuilder out) {
        for (Piece piece : pieces) {
            switch (piece) {
                case Text(String text) -> out.append(text);
                case Value(JsonSteps path) -> {
                    var values = path.from(root, here);
                    for (int i = 0; i < values.size(); i++) {
                        out.append(i == 0 ? "" : " ").append(text(values.get(i)));
                    }
                }
                case Range(JsonSteps path, List<Piece> body) -> {
                    for (JsonNode value : path.from(root, here)) {
                        render(body, root, value, out);
                    }
                }
            }
        }
    }

    static String text(JsonNode value) {
        return value.isValueNode() ? value.asString() : value.toString();
    }

    /** Reads pieces until the end of the text, or of a range. */
    private static final class Parser {
        private final String text;
        private int at;

        Parser(String text) {
            this.text = text;
        }

        List<Piece> pieces(boolean inRange) {
            var pieces = new ArrayList<Piece>();
            while (at < text.length()) {
                int open = text.indexOf('{', at);
                if (open < 0) {
                    pieces.add(new Text(text.substring(at)));
                    at = text.length();
                    break;
                }
                if (open > at) {
                    pieces.add(new Text(text.substring(at, open)));
                }
                int close = closing(open);
                String inner = text.substring(open + 1, close).strip();
                at = close + 1;
                if (inner.equals("end")) {
                    if (!inRange) {
                        throw new JsonSteps.Malformed("{end} without {range}");
                    }
                    return pieces;
                }
                pieces.add(piece(inner));
            }
            if (inRange) {
                throw new JsonSteps.Malformed("{range} without {end}");
            }
            return pieces;
        }

        private Piece piece(String inner) {
            if (inner.startsWith("range ")) {
                var path = JsonSteps.parse(inner.substring(6).strip());
                return new Range(path, pieces(true));
            }
            String literal = literal(inner);
            return literal != null ? new Text(literal) : new Value(JsonSteps.parse(inner));
        }

        private static @Nullable String literal(String inner) {
            boolean quoted = inner.length() >= 2
                    && (inner.charAt(0) == '"' || inner.charAt(0) == '\'')
                    && inner.charAt(inner.length() - 1) == inner.charAt(0);
            return quoted ? inner.substring(1, inner.length() - 1).translateEscapes() : null;
        }

        /** The brace that ends the expression begun at {@code open}; braces in quotes do not count. */
        private int closing(int open) {
            char quote = 0;
            for (int i = open + 1; i < text.length(); i++) {
                char c = text.charAt(i);
                if (quote != 0) {
                    if (c == '\\') {
                        i++;
                    } else if (c == quote) {
                        quote = 0;
                    }
                } else if (c == '"' || c == '\'') {
                    quote = c;
                } else if (c == '}') {
                    return i;
                }
            }
            throw new JsonSteps.Malformed("unclosed {");
        }
    }
}
