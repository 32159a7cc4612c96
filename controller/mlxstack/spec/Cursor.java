package mlxstack.spec;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A place in the file, whether or not something stands there; what is missing has the place of what it is missing from.
 * Rules walk with it and never trip over wrong types.
 *
 * @param path as people read it: {@code spec.endpoints[0].port}
 */
record Cursor(String path, @Nullable Node node, int line, int column) {

    private static final Pattern PLAIN = Pattern.compile("[A-Za-z_][A-Za-z0-9_-]{0,62}");

    static Cursor root(Node node) {
        return new Cursor("", node, node.line(), node.column());
    }

    static String child(String path, String name) {
        if (!PLAIN.matcher(name).matches()) {
            return path + "[" + Found.quoted(name) + "]";
        }
        return path.isEmpty() ? name : path + "." + name;
    }

    boolean present() {
        return node != null;
    }

    Cursor field(String name) {
        var entry = node instanceof Node.Mapping mapping ? mapping.entries().get(name) : null;
        return entry == null ? new Cursor(child(path, name), null, line, column) : at(child(path, name), entry.value());
    }

    /** Nothing if this is no list. */
    List<Cursor> items() {
        if (!(node instanceof Node.Sequence sequence)) {
            return List.of();
        }
        var items = new ArrayList<Cursor>(sequence.items().size());
        for (var item : sequence.items()) {
            items.add(at(path + "[" + items.size() + "]", item));
        }
        return items;
    }

    /** Fields in file order; nothing if this is no mapping. */
    Map<String, Cursor> fields() {
        var fields = new LinkedHashMap<String, Cursor>();
        if (node instanceof Node.Mapping mapping) {
            mapping.entries().forEach((name, entry) -> fields.put(name, at(child(path, name), entry.value())));
        }
        return fields;
    }

    /** Null if there is none, or something else. */
    @Nullable
    String text() {
        return node instanceof Node.Scalar scalar && scalar.type() == Node.Type.TEXT ? scalar.text() : null;
    }

    String text(String otherwise) {
        var text = text();
        return text == null ? otherwise : text;
    }

    /** The texts of a list. */
    List<String> texts() {
        return items().stream().map(item -> item.text("")).toList();
    }

    @Nullable
    Integer integer() {
        if (node instanceof Node.Scalar scalar && scalar.type() == Node.Type.INTEGER) {
            try {
                return Integer.parseInt(scalar.text());
            } catch (NumberFormatException tooBig) {
                return null;
            }
        }
        return null;
    }

    @Nullable
    Long whole() {
        if (node instanceof Node.Scalar scalar && scalar.type() == Node.Type.INTEGER) {
            try {
                return Long.parseLong(scalar.text());
            } catch (NumberFormatException tooBig) {
                return null;
            }
        }
        return null;
    }

    /** A text alone, or the texts of a list; empty ones are left out. */
    List<String> anyOf() {
        var one = text();
        return (one == null ? texts().stream() : java.util.stream.Stream.of(one))
                .filter(text -> !text.isEmpty())
                .toList();
    }

    int integer(int otherwise) {
        var integer = integer();
        return integer == null ? otherwise : integer;
    }

    double number(double otherwise) {
        if (node instanceof Node.Scalar scalar
                && (scalar.type() == Node.Type.INTEGER || scalar.type() == Node.Type.NUMBER)) {
            return Double.parseDouble(scalar.text());
        }
        return otherwise;
    }

    boolean flag(boolean otherwise) {
        if (node instanceof Node.Scalar scalar && scalar.type() == Node.Type.BOOLEAN) {
            return scalar.text().equals("true");
        }
        return otherwise;
    }

    /** What a quantity or duration is written as: text, or a whole number; null if neither. */
    @Nullable
    String amount() {
        if (node instanceof Node.Scalar scalar
                && (scalar.type() == Node.Type.TEXT || scalar.type() == Node.Type.INTEGER)) {
            return scalar.text();
        }
        return null;
    }

    /**
     * Fields that are missing here are taken from {@code base}, down to the leaves. Lists are not mixed, nor are two
     * values of one environment variable.
     */
    Cursor over(Cursor base) {
        if (base.node == null) {
            return this;
        }
        return node == null ? base : at(path, merged(base.node, node, true));
    }

    private static Node merged(Node base, Node top, boolean deep) {
        if (!(base instanceof Node.Mapping below) || !(top instanceof Node.Mapping above)) {
            return top;
        }
        var entries = new LinkedHashMap<>(below.entries());
        above.entries().forEach((name, entry) -> {
            var under = deep ? entries.get(name) : null;
            entries.put(
                    name,
                    under == null
                            ? entry
                            : new Node.Entry(
                                    entry.line(),
                                    entry.column(),
                                    merged(under.value(), entry.value(), !name.equals("env"))));
        });
        return new Node.Mapping(above.line(), above.column(), entries);
    }

    private static Cursor at(String path, Node node) {
        return new Cursor(path, node, node.line(), node.column());
    }
}
