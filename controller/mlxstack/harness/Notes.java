package mlxstack.harness;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Sentences that several recipes have in common, and maps that keep their order. Stateless. */
final class Notes {

    private Notes() {}

    /** What is not known of windows, one sentence for each model. */
    static List<String> windows(Iterable<Model> models, String consequence) {
        var notes = new ArrayList<String>();
        for (Model model : models) {
            if (model.window() == null) {
                notes.add("the context window of " + model.name() + " is " + model.from() + "; " + consequence);
            }
        }
        return notes;
    }

    /** Names and values in turn; a null value leaves its name out. */
    static Map<String, Object> map(@org.jspecify.annotations.Nullable Object... namesAndValues) {
        var map = new java.util.LinkedHashMap<String, Object>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            Object value = namesAndValues[i + 1];
            if (value != null) {
                map.put(String.valueOf(namesAndValues[i]), value);
            }
        }
        return map;
    }
}
