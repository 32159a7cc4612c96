package mlxstack.harness;

import io.vavr.control.Either;
import java.util.ArrayList;
import java.util.Objects;
import mlxstack.harness.Spot.Entry;
import mlxstack.harness.Spot.Items;
import mlxstack.harness.Spot.Leaf;
import mlxstack.harness.Spot.Table;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.json.JsonReadFeature;

/**
 * JSON as editors write it: comments and commas at ends are taken, and what JSON5 allows of names and quotes. What is
 * put in is JSON as it always was.
 */
final class JsonText extends Outlined {

    private static final JsonFactory JSON = JsonFactory.builder()
            .enable(
                    JsonReadFeature.ALLOW_JAVA_COMMENTS,
                    JsonReadFeature.ALLOW_TRAILING_COMMA,
                    JsonReadFeature.ALLOW_UNQUOTED_PROPERTY_NAMES,
                    JsonReadFeature.ALLOW_SINGLE_QUOTES,
                    JsonReadFeature.ALLOW_LEADING_PLUS_SIGN_FOR_NUMBERS,
                    JsonReadFeature.ALLOW_LEADING_DECIMAL_POINT_FOR_NUMBERS)
            .build();

    @Override
    Either<Flaw, Spot> outline(String text) {
        if (text.isBlank()) {
            return Either.right(new Table(text.length(), text.length(), true, java.util.List.of()));
        }
        int from = text.startsWith("\ufeff") ? 1 : 0;
        try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), text.substring(from))) {
            if (parser.nextToken() == null) {
                return Either.left(Flaw.at(text, text.length(), "expected '{', found nothing but comments"));
            }
            var root = value(parser, from);
            if (parser.nextToken() != null) {
                return Either.left(Flaw.at(
                        text,
                        from + (int) parser.currentTokenLocation().getCharOffset(),
                        "expected the end of the file"));
            }
            return Either.right(root);
        } catch (JacksonException e) {
            var at = e.getLocation();
            int offset = at == null || at.getCharOffset() < 0 ? 0 : (int) at.getCharOffset();
            return Either.left(Flaw.at(text, from + offset, "invalid JSON: " + words(e)));
        }
    }

    private static String words(JacksonException e) {
        return String.valueOf(e.getOriginalMessage())
                .lines()
                .findFirst()
                .orElse("it cannot be read")
                .replaceAll(" \\(for Object starting at.*|: was expecting .*double-quote to start property name.*", "");
    }

    private static Spot value(JsonParser parser, int from) {
        int start = from + (int) parser.currentTokenLocation().getCharOffset();
        return switch (Objects.requireNonNull(parser.currentToken())) {
            case START_OBJECT -> {
                var entries = new ArrayList<Entry>();
                while (parser.nextToken() != JsonToken.END_OBJECT) {
                    String key = parser.currentName();
                    int at = from + (int) parser.currentTokenLocation().getCharOffset();
                    parser.nextToken();
                    entries.add(new Entry(key, at, value(parser, from)));
                }
                yield new Table(start, end(parser, from), true, entries);
            }
            case START_ARRAY -> {
                var items = new ArrayList<Spot>();
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    items.add(value(parser, from));
                }
                yield new Items(
                        start,
                        end(parser, from),
                        true,
                        items,
                        items.stream().map(Spot::start).toList());
            }
            default -> {
                var scalar = scalar(parser);
                yield new Leaf(start, end(parser, from), scalar);
            }
        };
    }

    private static @Nullable Object scalar(JsonParser parser) {
        return switch (parser.currentToken()) {
            case VALUE_STRING -> parser.getString();
            case VALUE_NUMBER_INT ->
                parser.getNumberValue() instanceof java.math.BigInteger big ? big : (Object) parser.getLongValue();
            case VALUE_NUMBER_FLOAT -> parser.getDoubleValue();
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            case null, default -> null;
        };
    }

    /** Behind the token that has just been read. */
    private static int end(JsonParser parser, int from) {
        return from + (int) parser.currentLocation().getCharOffset();
    }

    @Override
    String replaced(String text, Spot spot, @Nullable Entry entry, Object value) {
        if (text.isBlank()) {
            return Rendered.json(value, "", "  ") + "\n";
        }
        String step = Flow.of(text, false).step();
        return Notation.spliced(
                text, spot.start(), spot.end(), Rendered.json(value, Notation.indent(text, spot.start()), step));
    }

    @Override
    String inserted(String text, Table table, String key, Object value) {
        String whole = text.isBlank() ? "{\n}\n" : text;
        return Flow.of(whole, false)
                .inserted(text.isBlank() ? new Table(0, 3, true, java.util.List.of()) : table, key, value);
    }

    @Override
    String appended(String text, Items items, Object value) {
        return Flow.of(text, false).appended(items, value);
    }

    @Override
    String without(String text, Table table, int entry) {
        return Flow.of(text, false).without(table, entry);
    }

    @Override
    String without(String text, Items items, int item) {
        return Flow.of(text, false).without(items, item);
    }
}
