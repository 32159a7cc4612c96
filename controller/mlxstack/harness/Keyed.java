package mlxstack.harness;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Items that are to be in a list of the user's, among others of the user's own.
 *
 * @param by the fields by which an item is known
 */
record Keyed(List<String> by, List<Map<String, Object>> items) {

    Keyed {
        by = List.copyOf(by);
        items = List.copyOf(items);
    }

    Step.Item step(Map<String, Object> item) {
        var having = new LinkedHashMap<String, Object>();
        by.forEach(field -> having.put(field, item.get(field)));
        return new Step.Item(having);
    }
}
