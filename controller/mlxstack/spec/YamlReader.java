package mlxstack.spec;

import java.io.StringReader;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;

/**
 * Text to tree, strictly: one document, no duplicate fields, no anchors, aliases, merge keys or tags. All but broken
 * syntax is collected; the first breach of syntax ends the reading. Confined to one parse.
 */
final class YamlReader {

    private static final int DEEPEST = 50;

    private final Problems problems;
    private final YamlEvents.Parser parser;

    private YamlReader(YamlEvents.Parser parser, Problems problems) {
        this.parser = parser;
        this.problems = problems;
    }

    /** @return null if nothing can be made of it; the reason is in {@code problems} */
    static @Nullable Node read(byte[] bytes, Problems problems) {
        var text = YamlText.decode(bytes, problems);
        if (text == null) {
            return null;
        }
        try (var parser =
                (YamlEvents.Parser) new YamlEvents().createParser(ObjectReadContext.empty(), new StringReader(text))) {
            return new YamlReader(parser, problems).document();
        } catch (TooDeep e) {
            problems.add(e.line, e.column, "", "nested too deep; expected at most " + DEEPEST + " levels");
            return null;
        } catch (JacksonException e) {
            YamlSyntax.explain(e, text, problems);
            return null;
        }
    }

    private @Nullable Node document() {
        if (parser.nextToken() == null) {
            problems.add(1, 1, "", "the file is empty; expected a stack, beginning with apiVersion: mlxstack.dev/v1");
            return null;
        }
        var root = value("", 0);
        if (parser.nextToken() != null) {
            problems.add(
                    line(), column(), "", "found a second document; expected one document in the file, remove '---'");
        }
        return root;
    }

    private Node value(String path, int depth) {
        if (depth > DEEPEST) {
            throw new TooDeep(line(), column());
        }
        strict(path);
        int line = line();
        int column = column();
        return switch (parser.currentToken()) {
            case START_OBJECT -> mapping(path, depth, line, column);
            case START_ARRAY -> {
                var items = new ArrayList<Node>();
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    items.add(value(path + "[" + items.size() + "]", depth + 1));
                }
                yield new Node.Sequence(line, column, items);
            }
            default -> {
                var text = parser.event() instanceof ScalarEvent event ? event.getValue() : "";
                whole(path, text, line, column);
                yield parser.event() instanceof ScalarEvent event && event.isPlain()
                        ? Scalars.plain(line, column, text)
                        : new Node.Scalar(line, column, Node.Type.TEXT, text, text);
            }
        };
    }

    private Node mapping(String path, int depth, int line, int column) {
        var entries = new LinkedHashMap<String, Node.Entry>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            var name = parser.currentName();
            var child = Cursor.child(path, name);
            int keyLine = line();
            int keyColumn = column();
            strict(child);
            whole(child, name, keyLine, keyColumn);
            boolean plain = parser.event() instanceof ScalarEvent event && event.isPlain();
            parser.nextToken();
            if (plain && name.equals("<<")) {
                problems.add(keyLine, keyColumn, child, "found a merge key '<<'; expected the fields written out");
                ignored(depth);
                continue;
            }
            var value = value(child, depth + 1);
            var first = entries.putIfAbsent(name, new Node.Entry(keyLine, keyColumn, value));
            if (first != null) {
                problems.add(
                        keyLine,
                        keyColumn,
                        child,
                        "duplicate field %s; it is already given in line %d"
                                .formatted(Found.quoted(name), first.line()));
            }
        }
        return new Node.Mapping(line, column, entries);
    }

    /** Reads on past a value that is not used. */
    private void ignored(int depth) {
        switch (parser.currentToken()) {
            case START_OBJECT, START_ARRAY -> parser.skipChildren();
            default -> {}
        }
        if (depth > DEEPEST) {
            throw new TooDeep(line(), column());
        }
    }

    private void strict(String path) {
        if (parser.isCurrentAlias()) {
            problems.add(line(), column(), path, "found an alias '*'; expected the value written out");
            return;
        }
        if (parser.event() instanceof NodeEvent event && event.getAnchor().isPresent()) {
            problems.add(
                    line(),
                    column(),
                    path,
                    "found an anchor '&%s'; expected the value without it"
                            .formatted(event.getAnchor().get()));
        }
        var tag = switch (parser.event()) {
            case ScalarEvent event -> event.getTag();
            case CollectionStartEvent event -> event.getTag();
            case null, default -> java.util.Optional.<String>empty();
        };
        if (tag.isPresent()) {
            problems.add(line(), column(), path, "found a tag; expected the value without '!'");
        }
    }

    /** What cannot be handed to a program, or not be written back. */
    private void whole(String path, String text, int line, int column) {
        if (text.indexOf('\0') >= 0) {
            problems.add(line, column, path, "found the character NUL; no text may hold it");
        }
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (Character.isHighSurrogate(c) && i + 1 < text.length() && Character.isLowSurrogate(text.charAt(i + 1))) {
                i++;
            } else if (Character.isSurrogate(c)) {
                problems.add(line, column, path, "found half of a character (a lone surrogate)");
                return;
            }
        }
    }

    private int line() {
        return parser.currentTokenLocation().getLineNr();
    }

    private int column() {
        return parser.currentTokenLocation().getColumnNr();
    }

    private static final class TooDeep extends RuntimeException {
        private static final long serialVersionUID = 1;
        final int line;
        final int column;

        TooDeep(int line, int column) {
            super(null, null, false, false);
            this.line = line;
            this.column = column;
        }
    }
}
