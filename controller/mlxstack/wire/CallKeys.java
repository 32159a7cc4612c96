package mlxstack.wire;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Which of several parallel calls a piece of a chat stream belongs to. Mostly its index says so; some servers leave it
 * out, some say 0 for every call, some give each piece another id. A piece with a name and an id of its own begins a call.
 * Confined to one translation.
 */
final class CallKeys {

    private final Map<Long, Integer> byIndex = new HashMap<>();
    private final List<@Nullable String> ids = new ArrayList<>();
    private int latest = -1;

    /** @return 0 for the first call, 1 for the second and so on */
    int of(JsonNode piece) {
        String id = Json.text(piece, "id", "");
        boolean named = !Json.text(piece.path("function"), "name", "").isEmpty();
        var index = piece.get("index");
        int key = index != null && index.isNumber() ? indexed(index.asLong(0), id, named) : unindexed(id, named);
        if (!id.isEmpty() && ids.get(key) == null) {
            ids.set(key, id);
        }
        latest = key;
        return key;
    }

    private int indexed(long index, String id, boolean named) {
        Integer key = byIndex.get(index);
        if (key == null || (named && other(key, id))) {
            key = added();
            byIndex.put(index, key);
        }
        return key;
    }

    private int unindexed(String id, boolean named) {
        int known = id.isEmpty() ? -1 : ids.indexOf(id);
        if (known >= 0) {
            return known;
        }
        return latest < 0 || named ? added() : latest;
    }

    private boolean other(int key, String id) {
        String known = ids.get(key);
        return !id.isEmpty() && known != null && !known.equals(id);
    }

    private int added() {
        ids.add(null);
        return ids.size() - 1;
    }
}
