package mlxstack.harness;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** One step down into a document; a path is a list of them. */
sealed interface Step {

    /** Into a mapping. */
    record Key(String name) implements Step {}

    /** Into a list of mappings: the item that has all these fields. */
    record Item(Map<String, Object> having) implements Step {
        public Item {
            having = Map.copyOf(having);
        }
    }

    /** {@code models[name=fast].apiBase}. */
    static String text(List<Step> path) {
        var text = new StringBuilder();
        for (Step step : path) {
            switch (step) {
                case Key(String name) -> text.append(text.isEmpty() ? "" : ".").append(name);
                case Item(var having) ->
                    text.append(having.entrySet().stream()
                            .sorted(Map.Entry.comparingByKey())
                            .map(e -> e.getKey() + "=" + e.getValue())
                            .collect(Collectors.joining(",", "[", "]")));
            }
        }
        return text.toString();
    }
}
