package mlxstack.spec;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import mlxstack.spec.WorkloadDiff.Field;
import mlxstack.spec.WorkloadDiff.Harm;

/** What differs between two files in what the gateway is told of routes, keys, providers and the like. Pure. */
public final class GatewayDiff {

    private GatewayDiff() {}

    /**
     * Fields in the order of the file format, all of them taken up by the running gateway; items by their names, as in
     * {@code gateway.routes[owner-work].backends}. The address is left out: it belongs to the gateway's process.
     */
    public static List<Field> between(Stack before, Stack after) {
        var old = flat(before);
        var now = flat(after);
        var paths = new ArrayList<>(old.keySet());
        now.keySet().stream().filter(path -> !old.containsKey(path)).forEach(paths::add);
        var fields = new ArrayList<Field>();
        for (var path : paths) {
            if (!Objects.equals(old.get(path), now.get(path))) {
                fields.add(new Field(path, old.get(path), now.get(path), Harm.RELOAD));
            }
        }
        return fields;
    }

    private static Map<String, String> flat(Stack stack) {
        var flat = new LinkedHashMap<String, String>();
        named("providers", stack.providers().stream().map(GatewayView::of).toList(), flat);
        GatewayView.of(stack.gateway()).forEach((name, value) -> {
            if (!name.equals("listen") && !name.equals("engine")) {
                flatten("gateway." + name, value, flat);
            }
        });
        return flat;
    }

    private static void flatten(String path, Object value, Map<String, String> into) {
        switch (value) {
            case Map<?, ?> map
            when !isReference(map) ->
                map.forEach((name, inner) -> flatten(Cursor.child(path, name.toString()), inner, into));
            case List<?> list
            when !list.isEmpty() && list.stream().allMatch(GatewayDiff::hasName) -> named(path, list, into);
            default -> into.put(path, WorkloadDiff.text(value));
        }
    }

    /** Where a secret is kept is one thing to read. */
    private static boolean isReference(Map<?, ?> map) {
        return map.size() == 1 && (map.containsKey("env") || map.containsKey("file") || map.containsKey("keychain"));
    }

    private static boolean hasName(Object item) {
        return item instanceof Map<?, ?> map && map.containsKey("name");
    }

    /** Their order decides between routes, and fallbacks go by it: it is told as a list of names. */
    private static void named(String path, List<?> items, Map<String, String> into) {
        var names = new ArrayList<String>();
        for (var item : items) {
            if (item instanceof Map<?, ?> map) {
                var name = String.valueOf(map.get("name"));
                names.add(name);
                map.forEach((field, value) -> {
                    if (!"name".equals(field)) {
                        flatten(Cursor.child(path + "[" + name + "]", field.toString()), value, into);
                    }
                });
            }
        }
        if (!names.isEmpty()) {
            into.put(path, WorkloadDiff.text(names));
        }
    }
}
