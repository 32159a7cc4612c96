package mlxstack.spec;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.function.Predicate;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * The published schemas, from the jar: of {@code stack.yaml}, and of smaller files. Read by the streaming parser: an object mapper costs the
 * start of the daemon more than the whole validation.
 */
public final class SchemaText {

    private static final Resource STACK = new Resource("/schema/stack.schema.json");

    /** What tells people something and checks nothing. */
    private static final Set<String> NOTES = Set.of("title", "description", "default", "examples");

    /** Keywords whose values are names of ours, not keywords. */
    private static final Set<String> NAMES = Set.of("properties", "$defs", "dependentRequired");

    private SchemaText() {}

    /** As published, for {@code mlxstackctl schema} and editors. */
    public static String json() {
        return json(STACK);
    }

    /** As published. */
    public static String json(Resource resource) {
        return new String(resource.bytes(), StandardCharsets.UTF_8);
    }

    /** Everything about the stack file. */
    static JsonNode full() {
        return STACK.full();
    }

    /** The stack file's. */
    static Resource stack() {
        return STACK;
    }

    /** @param name in the jar, as in {@code /schema/stack.schema.json} */
    public record Resource(String name) {

        /** Everything. */
        JsonNode full() {
            return read(_ -> true);
        }

        /** The part that decides; every pointer into it is one into {@link #full()}. */
        JsonNode rules() {
            return read(keyword -> !NOTES.contains(keyword) && !keyword.startsWith("x-"));
        }

        private byte[] bytes() {
            try (var in = SchemaText.class.getResourceAsStream(name)) {
                if (in == null) {
                    throw new IllegalStateException("the jar has no " + name);
                }
                return in.readAllBytes();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private JsonNode read(Predicate<String> wanted) {
            try (var parser = new JsonFactory().createParser(ObjectReadContext.empty(), bytes())) {
                parser.nextToken();
                return SchemaText.read(parser, wanted, true);
            }
        }
    }

    private static JsonNode read(JsonParser parser, Predicate<String> wanted, boolean keywords) {
        var make = JsonNodeFactory.instance;
        return switch (parser.currentToken()) {
            case START_OBJECT -> {
                var object = make.objectNode();
                while (parser.nextToken() != JsonToken.END_OBJECT) {
                    var name = parser.currentName();
                    parser.nextToken();
                    var value = read(parser, wanted, !(keywords && NAMES.contains(name)));
                    if (!keywords || wanted.test(name)) {
                        object.set(name, value);
                    }
                }
                yield object;
            }
            case START_ARRAY -> {
                var array = make.arrayNode();
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    array.add(read(parser, wanted, keywords));
                }
                yield array;
            }
            case VALUE_STRING -> make.stringNode(parser.getString());
            case VALUE_NUMBER_INT -> {
                long number = parser.getLongValue();
                yield number == (int) number ? make.numberNode((int) number) : make.numberNode(number);
            }
            case VALUE_NUMBER_FLOAT -> make.numberNode(parser.getDoubleValue());
            case VALUE_TRUE -> make.booleanNode(true);
            case VALUE_FALSE -> make.booleanNode(false);
            default -> make.nullNode();
        };
    }
}
