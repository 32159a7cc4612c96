package mlxstack.harness;

import io.vavr.control.Either;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import mlxstack.harness.Spot.Alias;
import mlxstack.harness.Spot.Entry;
import mlxstack.harness.Spot.Items;
import mlxstack.harness.Spot.Leaf;
import mlxstack.harness.Spot.Table;
import org.jspecify.annotations.Nullable;

/** What JSON and YAML have in common: trees of values that know their places. Stateless. */
abstract class Outlined implements Notation {

    /** Of a text with nothing in it, an empty table. */
    abstract Either<Flaw, Spot> outline(String text);

    /** @param entry whose value it is; null when it is an item */
    abstract String replaced(String text, Spot spot, @Nullable Entry entry, Object value);

    abstract String inserted(String text, Table table, String key, Object value);

    abstract String appended(String text, Items items, Object value);

    abstract String without(String text, Table table, int entry);

    abstract String without(String text, Items items, int item);

    @Override
    public Either<Flaw, Map<String, @Nullable Object>> read(String text) {
        return outline(text).flatMap(root -> {
            if (root.plain() instanceof Map<?, ?> map) {
                var content = new LinkedHashMap<String, @Nullable Object>();
                map.forEach((key, value) -> content.put(String.valueOf(key), value));
                return Either.right(content);
            }
            return Either.left(Flaw.at(text, root.start(), "expected names and values, found something else"));
        });
    }

    @Override
    public Either<Flaw, String> put(String text, List<Step> path, Object value) {
        return outline(text).flatMap(root -> put(text, root, path, value));
    }

    private Either<Flaw, String> put(String text, Spot root, List<Step> path, Object value) {
        Spot at = root;
        Entry entry = null;
        for (int i = 0; i < path.size(); i++) {
            var rest = path.subList(i + 1, path.size());
            Spot here = at;
            if (here instanceof Leaf) {
                return Either.right(replaced(text, at, entry, nested(path.subList(i, path.size()), value)));
            }
            switch (path.get(i)) {
                case Step.Key(String name)
                when here instanceof Table table -> {
                    entry = table.entry(name);
                    if (entry == null) {
                        return Either.right(inserted(text, table, name, nested(rest, value)));
                    }
                    at = entry.value();
                }
                case Step.Item(var having)
                when here instanceof Items items -> {
                    int item = Spot.find(items, having);
                    if (item < 0) {
                        return Either.right(appended(text, items, nested(path.subList(i, path.size()), value, having)));
                    }
                    at = items.items().get(item);
                    entry = null;
                }
                default -> {
                    return Either.left(unfit(text, at, path.subList(0, i), path.get(i)));
                }
            }
        }
        return at instanceof Alias
                ? Either.left(unfit(text, at, path, new Step.Key("")))
                : Either.right(replaced(text, at, entry, value));
    }

    private static Flaw unfit(String text, Spot at, List<Step> path, Step step) {
        String expected = step instanceof Step.Key ? "names and values" : "a list";
        String found = switch (at) {
            case Table _ -> "names and values";
            case Items _ -> "a list";
            case Leaf _ -> "a value";
            case Alias _ -> "an alias '*', which cannot be changed in one place alone; write it out";
        };
        return Flaw.at(text, at.start(), Step.text(path) + ": expected " + expected + ", found " + found);
    }

    private static Object nested(List<Step> path, Object value) {
        if (path.isEmpty()) {
            return value;
        }
        return switch (path.getFirst()) {
            case Step.Key(String name) -> {
                var map = new LinkedHashMap<String, Object>();
                map.put(name, nested(path.subList(1, path.size()), value));
                yield map;
            }
            case Step.Item(var having) -> List.of(nested(path, value, having));
        };
    }

    /** The item that the path begins with. */
    private static Object nested(List<Step> path, Object value, Map<String, Object> having) {
        if (!(nested(path.subList(1, path.size()), value) instanceof Map<?, ?> rest)) {
            throw new IllegalArgumentException("an item of a list is known by its fields: " + Step.text(path));
        }
        var map = new LinkedHashMap<String, Object>();
        rest.forEach((key, inner) -> map.put(String.valueOf(key), inner));
        having.forEach(map::putIfAbsent);
        return map;
    }

    @Override
    public Either<Flaw, String> remove(String text, List<Step> path) {
        return outline(text).map(root -> {
            Spot at = root;
            for (int i = 0; i < path.size(); i++) {
                boolean last = i == path.size() - 1;
                Spot here = at;
                switch (path.get(i)) {
                    case Step.Key(String name)
                    when here instanceof Table table -> {
                        var entry = table.entry(name);
                        if (entry == null) {
                            return text;
                        } else if (last) {
                            return without(text, table, table.entries().indexOf(entry));
                        }
                        at = entry.value();
                    }
                    case Step.Item(var having)
                    when here instanceof Items items -> {
                        int item = Spot.find(items, having);
                        if (item < 0) {
                            return text;
                        } else if (last) {
                            return without(text, items, item);
                        }
                        at = items.items().get(item);
                    }
                    default -> {
                        return text;
                    }
                }
            }
            return text;
        });
    }
}
