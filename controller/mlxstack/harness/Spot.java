package mlxstack.harness;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A value of a JSON or YAML text, and where in it: from {@code start} to before {@code end}, offsets in chars. */
sealed interface Spot {

    int start();

    int end();

    /** @param flow in braces; otherwise arranged by indentation */
    record Table(int start, int end, boolean flow, List<Entry> entries) implements Spot {

        @Nullable
        Entry entry(String key) {
            // The last one counts, as it does for those who read the file.
            for (int i = entries.size() - 1; i >= 0; i--) {
                if (entries.get(i).key().equals(key)) {
                    return entries.get(i);
                }
            }
            return null;
        }
    }

    /** @param start of the key */
    record Entry(String key, int start, Spot value) {}

    /** @param starts where each item begins, its dash included */
    record Items(int start, int end, boolean flow, List<Spot> items, List<Integer> starts) implements Spot {}

    record Leaf(int start, int end, @Nullable Object value) implements Spot {}

    /** Found by an alias: it stands elsewhere. */
    record Alias(int start, int end, Spot target) implements Spot {}

    /** Maps, lists, texts, booleans, longs and doubles. */
    default @Nullable Object plain() {
        return switch (this) {
            case Table table -> {
                var map = new LinkedHashMap<String, @Nullable Object>();
                table.entries()
                        .forEach(entry -> map.put(entry.key(), entry.value().plain()));
                yield map;
            }
            case Items items -> {
                var list = new ArrayList<@Nullable Object>();
                items.items().forEach(item -> list.add(item.plain()));
                yield list;
            }
            case Leaf leaf -> leaf.value();
            case Alias alias -> alias.target().plain();
        };
    }

    /** Which of a list's items; -1 when none. */
    static int find(Items items, Map<String, Object> having) {
        for (int i = 0; i < items.items().size(); i++) {
            if (items.items().get(i).plain() instanceof Map<?, ?> map
                    && having.entrySet().stream().allMatch(e -> Objects.equals(map.get(e.getKey()), e.getValue()))) {
                return i;
            }
        }
        return -1;
    }
}
